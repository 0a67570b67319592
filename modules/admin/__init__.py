"""The instructor's side: load, look, edit, publish, and see who is where. Built on Django's own admin."""

from modules.admin import attempts, drafts, groups, modules, revisions, site

__all__ = ["attempts", "drafts", "groups", "modules", "revisions", "site"]
