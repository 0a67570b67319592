"""Holds the instructor pages: load, edit and publish modules, and see the results of learners.

The pages are built on Django's own admin.
"""

from django.contrib.admin import site
from django.utils.translation import gettext_lazy as _

from accounts import erasure
from modules.admin import attempts, classes, drafts, home, modules, refused_statements, revisions, site_pages
from modules.privacy import erasing, said

__all__ = ["attempts", "classes", "drafts", "modules", "refused_statements", "revisions", "site_pages"]

erasure.add(goes=said.what_goes, stays=said.what_stays, proofs=said.number_of_proofs, erase=erasing.erase)

# The name of the admin, and what each of its pages has at the top.
site.site_title = _("Tuntas admin")
site.site_header = "Tuntas"
site.index_title = _("Manage")
site.enable_nav_sidebar = False
site.index = home.index  # type: ignore[method-assign]
