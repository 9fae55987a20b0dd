"""Lesson 0, the map of the course: how many numbers a network consists of."""

from autograder.judging import assert_close, points


class TestCountParameters:
    @points(0)
    def test_one_layer(self, student):
        """Three inputs and two neurons: six weights and two biases make 8."""
        assert_close(student.count_parameters((3, 2)), 8)

    @points(0)
    def test_lesson_network(self, student):
        """The network of this course, (784, 64, 10), has 50,890 parameters."""
        assert_close(student.count_parameters((784, 64, 10)), 50_890)

    @points(0)
    def test_more_layers(self, student):
        """Each further layer adds its own weights and biases: (2, 3, 3, 1) makes 25."""
        assert_close(student.count_parameters((2, 3, 3, 1)), 25)
