from django.db import models


class Page(models.Model):
    """A page with its whole HTML in one row."""

    slug = models.SlugField(unique=True)
    html = models.TextField()

    def __str__(self) -> str:
        return self.slug


class Answer(models.Model):
    """The latest answer of a person in a slot."""

    person = models.ForeignKey("auth.User", models.CASCADE)
    slot = models.PositiveIntegerField()
    text = models.JSONField()
    saved_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "slot"], name="one_answer")]

    def __str__(self) -> str:
        return f"{self.person}: {self.slot}"
