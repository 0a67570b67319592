"""Stores what learners are told: a row for each learner and event, in the transaction of the change."""
