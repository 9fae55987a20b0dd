"""Asks for what makes kernels fail: io_uring, bpf, userfaultfd, keys, perf events, modules, a reboot."""
# deserves: 18
# layers: needed

import ctypes

libc = ctypes.CDLL(None, use_errno=True)
buffer = ctypes.create_string_buffer(512)
calls = {
    "io_uring_setup": 425,
    "bpf": 321,
    "userfaultfd": 323,
    "add_key": 248,
    "perf_event_open": 298,
    "init_module": 175,
    "kexec_load": 246,
    "open_by_handle_at": 304,
    "name_to_handle_at": 303,
    "fsopen": 430,
    "move_mount": 429,
    "shmget": 29,
    "msgget": 68,
    "semget": 64,
    "personality": 135,
    "process_madvise": 440,
    "landlock_create_ruleset": 444,
    "seccomp": 317,
    "kcmp": 312,
    "fanotify_init": 300,
    "swapon": 167,
}
for name, number in calls.items():
    if libc.syscall(number, buffer, 1, 0, 0, 0) >= 0:
        loot(name)
