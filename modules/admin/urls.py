"""The two addresses of the editor, under the names that django-markdownx gives them.

Its own views are open to anyone, and are not mounted.
"""

from django.urls import path

from modules.admin import markdown

urlpatterns = [
    path("preview/", markdown.preview, name="markdownx_markdownify"),
    path("image/", markdown.image, name="markdownx_upload"),
]
