"""Reads the document of a draft."""

from __future__ import annotations

from modules.authoring import policy, uploads
from modules.document.convert.recognise import with_warnings
from modules.document.syntax import separate_key
from modules.document.syntax.parser import Document
from modules.models import Draft, Module


def parse_draft(draft: Draft) -> tuple[Module | None, Document]:
    """Returns a draft as a document, and the module that it would change: its own, or the one that has its slug.

    The latter may belong to others. Then the document shows no images of it, and the draft cannot replace it.
    """
    document = uploads.parse_with_images(draft.text, name=draft.filename, module=draft.module, draft=draft)
    module = draft.module or policy.module_for_document(document)
    if module and not draft.module and _may_replace(draft, module):  # the document may show its images
        document = uploads.parse_with_images(draft.text, name=draft.filename, module=module, draft=draft)
    brought = draft.images.values_list("path", flat=True)
    if not separate_key.is_half(document.errors):
        document = with_warnings(document)
    return module, uploads.with_unused_images(document, brought)


def _may_replace(draft: Draft, module: Module) -> bool:
    return Module.objects.changeable_by(draft.author).filter(pk=module.pk).exists()
