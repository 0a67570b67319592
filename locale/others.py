"""Sentences of Django and allauth that our catalogue says in its own words, because theirs are stiff or wrong.

Each stands as the library has it; one that is counted is a ``Counted``. All are sentences that people meet on our pages
or in the admin.
"""

from typing import NamedTuple


class Counted(NamedTuple):
    singular: str
    plural: str


ALLAUTH = (
    "Be patient, you are sending too many requests.",
    "Current Password",
    "Email",
    "Email address",
    "Incorrect password.",
    "New Password",
    "New Password (again)",
    "Password",
    "Password (again)",
    "Please type your current password.",
    "Remember Me",
    "The email address and/or password you specified are not correct.",
    "The email address is not assigned to any user account.",
    "The new value must be different from the current one.",
    "This account is currently inactive.",
    "This email address is already associated with this account.",
    "Too many failed login attempts. Try again later.",
    "You cannot add more than %d email addresses.",
    "You cannot remove your primary email address.",
    "You must type the same password each time.",
    "Your primary email address must be verified.",
    "A user is already registered with this email address.",
)

PASSWORDS = (
    Counted(
        "This password is too short. It must contain at least %d character.",
        "This password is too short. It must contain at least %d characters.",
    ),
    Counted(
        "Your password must contain at least %(min_length)d character.",
        "Your password must contain at least %(min_length)d characters.",
    ),
    "The password is too similar to the %(verbose_name)s.",
    "Your password can’t be too similar to your other personal information.",
    "This password is too common.",
    "Your password can’t be a commonly used password.",
    "This password is entirely numeric.",
    "Your password can’t be entirely numeric.",
)

FORMS = (
    "Enter a valid email address.",
    "This field is required.",
)

ADMIN = (
    "%(class_name)s %(instance)s",
    "%(name)s with ID “%(key)s” doesn’t exist. Perhaps it was deleted?",
    Counted("%(counter)s result", "%(counter)s results"),
    "Add %s",
    "Any date",
    "Breadcrumbs",
    "Change",
    "Change history: %s",
    "Change password",
    "Change password: %s",
    "Conflicting form data submitted. Please try again.",
    "Deleting %(class_name)s %(instance)s would require deleting the following protected related objects: %(related_objects)s",
    "Deletion",
    "Disable password-based authentication",
    "Disabled",
    "Empty",
    "Enable password-based authentication",
    "Enable password-based authentication for this user by setting a password.",
    "Enabled",
    "Enter a new password for the user <strong>%(username)s</strong>.",
    "Enter the same password as before, for verification.",
    "Filter navigation items",
    "Forgotten your login credentials?",
    "Go",
    "Has date",
    "Invalid password format or unknown hashing algorithm.",
    "Items must be selected in order to perform actions on them. No items have been changed.",
    "Lookup",
    "No password set.",
    "No, take me back",
    "None",
    "Password changed successfully.",
    "Password confirmation",
    "Password-based authentication",
    "Password-based authentication was disabled.",
    Counted("Please correct the error below.", "Please correct the errors below."),
    "Raw passwords are not stored, so there is no way to see the user’s password.",
    "Recent actions",
    "Remove from sorting",
    "Reset password",
    "Save and continue editing",
    "Set password",
    "Set password: %s",
    "Sidebar",
    "Site administration",
    "Start typing to filter…",
    "Successfully deleted %(count)d %(items)s.",
    "Thanks for spending some quality time with the web site today.",
    "The two password fields didn’t match.",
    "The {name} “{obj}” was added successfully.",
    "The {name} “{obj}” was added successfully. You may add another {name} below.",
    "The {name} “{obj}” was changed successfully.",
    "The {name} “{obj}” was changed successfully. You may add another {name} below.",
    "The {name} “{obj}” was changed successfully. You may edit it again below.",
    "The %(name)s “%(obj)s” was deleted successfully.",
    "This action will <strong>enable</strong> password-based authentication for this user.",
    "This object doesn’t have a change history. It probably wasn’t added via this admin site.",
    "View selected %(model)s",
    "Whether the user will be able to authenticate using a password or not. If disabled, they may still be able to authenticate using other backends, such as Single Sign-On or LDAP.",
    "You are authenticated as %(username)s, but are not authorized to access this page. Would you like to login to a different account?",
    "You don’t have permission to view or edit anything.",
    "You may edit it again below.",
    "last login",
    "password",
)

OTHERS = (*ALLAUTH, *PASSWORDS, *FORMS, *ADMIN)
