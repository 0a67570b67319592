"""Holds the instructor pages: load, edit and publish modules, and see the results of learners.

The pages are built on Django's own admin.
"""

from django.contrib.admin import site
from django.utils.translation import gettext_lazy as _

from accounts import erasure
from modules.admin import attempts, classes, drafts, home, modules, revisions, site_pages
from modules.reading import erasure as learning

__all__ = ["attempts", "classes", "drafts", "modules", "revisions", "site_pages"]

erasure.add(goes=learning.what_goes, forbids=learning.what_forbids)

# The name of the admin, and what each of its pages has at the top.
site.site_title = _("Tuntas admin")
site.site_header = "Tuntas"
site.index_title = _("Manage")
site.enable_nav_sidebar = False
site.index = home.index  # type: ignore[method-assign]
