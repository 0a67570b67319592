"""Lists all addresses of Tuntas."""

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.urls import include, path

from modules.views.outdated import sign_in_first

# The admin uses the sign-in page of allauth, which limits the number of attempts.
admin.autodiscover()
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]
admin.site.admin_view = sign_in_first(admin.site.admin_view)  # type: ignore[method-assign]

handler500 = "config.broken.broken"
handler404 = "modules.views.missing.missing"

urlpatterns = [
    path("", include("accounts.urls")),
    path("admin/markdown/", include("modules.admin.markdown")),
    path("admin/", admin.site.urls),
    path("", include("modules.urls")),
]
