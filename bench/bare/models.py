from django.db import models


class Page(models.Model):
    """A page that is ready: its whole HTML in one row."""

    slug = models.SlugField(unique=True)
    html = models.TextField()

    def __str__(self) -> str:
        return self.slug
