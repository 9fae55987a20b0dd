"""What a malicious notebook would try, harmlessly. `doctor` runs these functions in a confined worker.

Each tries one thing and raises if it is refused. What it made it removes, and whom it could harm it spares: signals
are number 0, which only asks whether one may; bombs are small. The whole file is run as a notebook's cell. Each
docstring is read after the words "a submission can".
"""

import ctypes
import mmap
import os
import resource
import socket
import subprocess
import threading

import autograder

libc = ctypes.CDLL(None, use_errno=True)


def read_secrets(paths: list[str], grader: int, port: int) -> list[str]:
    """read solutions, hidden tests, recorded answers, test labels or the password file"""
    opened = []
    for path in paths:
        try:
            os.close(os.open(path, os.O_RDONLY))
            opened.append(path)
        except OSError as error:
            refusal = error
    if not opened:
        raise refusal
    return opened


def list_other_peoples_files(paths: list[str], grader: int, port: int) -> None:
    """look around in the file system"""
    os.listdir("/")


def read_the_graders_memory(paths: list[str], grader: int, port: int) -> None:
    """open the grader's memory"""
    open(f"/proc/{grader}/mem", "rb").close()


def read_the_graders_environment(paths: list[str], grader: int, port: int) -> None:
    """read the grader's environment"""
    open(f"/proc/{grader}/environ", "rb").read()


def trace_the_grader(paths: list[str], grader: int, port: int) -> None:
    """attach to the grader as a debugger"""
    seize, detach = 0x4206, 17
    checked(libc.ptrace(seize, grader, None, None))
    libc.ptrace(detach, grader, None, None)


def signal_the_grader(paths: list[str], grader: int, port: int) -> None:
    """send a signal to the grader"""
    os.kill(grader, 0)


def signal_everybody(paths: list[str], grader: int, port: int) -> None:
    """send a signal to every process there is"""
    os.kill(-1, 0)


def limit_the_grader(paths: list[str], grader: int, port: int) -> None:
    """change the grader's resource limits"""
    resource.prlimit(grader, resource.RLIMIT_CORE, resource.prlimit(grader, resource.RLIMIT_CORE))


def connect_to_the_network(paths: list[str], grader: int, port: int) -> None:
    """open a network connection"""
    socket.create_connection(("127.0.0.1", port), timeout=2).close()


def listen_on_the_network(paths: list[str], grader: int, port: int) -> None:
    """wait for network connections"""
    socket.create_server(("127.0.0.1", 0)).close()


def talk_to_other_processes(paths: list[str], grader: int, port: int) -> None:
    """open a socket that other processes can find by name"""
    with socket.socket(socket.AF_UNIX) as abstract:
        abstract.bind(f"\0autograder-probe-{os.getpid()}")


def share_memory(paths: list[str], grader: int, port: int) -> None:
    """leave memory behind that the next submission could find"""
    create, remove = 0o1600, 0
    number = libc.shmget(0, 4096, create)
    checked(number)
    libc.shmctl(number, remove, None)


def start_a_program(paths: list[str], grader: int, port: int) -> None:
    """start another program"""
    subprocess.run(["/bin/sh", "-c", "exit 0"], check=True)


def fork(paths: list[str], grader: int, port: int) -> None:
    """start three processes"""
    for _ in range(3):
        pid = os.fork()
        if pid == 0:
            os._exit(0)
        os.waitpid(pid, 0)


def write_outside_the_scratch_folder(paths: list[str], grader: int, port: int) -> str:
    """write a file outside its own folder"""
    name = f"autograder-probe-{os.getpid()}"
    home = os.path.realpath(os.path.expanduser("~"))
    for place in ("/tmp", "/var/tmp", "/dev/shm", os.path.dirname(home), os.path.expanduser("~root")):
        path = os.path.join(place, name)
        try:
            open(path, "x").close()
        except OSError as error:
            refusal = error
        else:
            if not os.path.realpath(path).startswith(home + os.sep):
                os.unlink(path)
                return path
            os.unlink(path)
    raise refusal


def change_the_grader_itself(paths: list[str], grader: int, port: int) -> None:
    """write into the grader's own files"""
    open(autograder.__file__, "r+").close()


def write_a_huge_file(paths: list[str], grader: int, port: int) -> None:
    """write a file of 1 GB"""
    try:
        with open("probe", "wb") as file:
            file.truncate(2**30)
    finally:
        os.unlink("probe")


def fill_the_disk(paths: list[str], grader: int, port: int) -> None:
    """write a thousand files of 1 MB"""
    written = []
    try:
        for number in range(1000):
            written.append(f"probe-{number}")
            with open(written[-1], "wb") as file:
                file.write(bytes(2**20))
    finally:
        for name in written:
            os.unlink(name)


def take_all_memory(paths: list[str], grader: int, port: int) -> None:
    """reserve 16 GB of memory"""
    mmap.mmap(-1, 16 * 2**30, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS | 0x4000).close()


def open_many_files(paths: list[str], grader: int, port: int) -> None:
    """open a thousand files"""
    opened: list[int] = []
    try:
        for _ in range(1000):
            opened.append(os.dup(0))
    finally:
        for number in opened:
            os.close(number)


def start_many_threads(paths: list[str], grader: int, port: int) -> None:
    """start a thousand threads"""
    done = threading.Event()
    threads = []
    try:
        for _ in range(1000):
            threads.append(threading.Thread(target=done.wait))
            threads[-1].start()
    finally:
        done.set()
        for thread in threads[:-1]:
            thread.join()


def become_root(paths: list[str], grader: int, port: int) -> None:
    """become another user"""
    os.setgroups([])
    if os.getuid():
        os.setuid(0)


def mount(paths: list[str], grader: int, port: int) -> None:
    """change what is mounted where"""
    checked(libc.mount(b"probe", os.getcwd().encode(), b"tmpfs", 0, b"size=1m"))
    libc.umount2(os.getcwd().encode(), 2)


def make_namespaces(paths: list[str], grader: int, port: int) -> None:
    """get rights of its own in a new namespace"""
    checked(libc.unshare(0x10000000))


def raise_limits(paths: list[str], grader: int, port: int) -> None:
    """lift its own limits"""
    resource.setrlimit(resource.RLIMIT_NOFILE, (5000, 5000))


def use_io_uring(paths: list[str], grader: int, port: int) -> None:
    """make system calls past the filter, with io_uring"""
    checked(libc.syscall(425, 1, ctypes.create_string_buffer(120)))


def checked(result: int) -> None:
    """Raise the error that a function of the C library has left behind, if it returned -1."""
    if result == -1:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
