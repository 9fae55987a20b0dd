"""All that knows nbgrader: the plug-in, autograding, the course folder, the database, class runs, feedback."""
