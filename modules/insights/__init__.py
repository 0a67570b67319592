"""Gives instructors read-only figures: progress of learners, answers to questions, and exports."""
