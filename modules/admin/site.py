"""The admin's own name, and what every page of it has at its top."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

admin.site.site_title = _("Tuntas admin")
admin.site.site_header = "Tuntas"
admin.site.index_title = _("Manage")
admin.site.enable_nav_sidebar = False
