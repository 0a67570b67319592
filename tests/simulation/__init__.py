"""A simulation of authors who edit documents again and again, and of learners who study them meanwhile."""
