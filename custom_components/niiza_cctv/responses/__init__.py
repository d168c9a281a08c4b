"""Answers of actions and of the panel's commands, in the shapes that both share."""
