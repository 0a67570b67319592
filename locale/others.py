"""Sentences of Django and allauth that our catalogue says in its own words, because theirs are stiff or wrong.

Each stands as the library has it; one that is counted is a ``Counted``. All are sentences that people meet on our pages
or in the admin.
"""

from typing import NamedTuple


class Counted(NamedTuple):
    singular: str
    plural: str


ALLAUTH = (
    "Authenticator code",
    "Code",
    "Current Password",
    "Email",
    "Email address",
    "New Password",
    "New Password (again)",
    "Password",
    "Password (again)",
    "Remember Me",
    "The email address is not assigned to any user account.",
    "The new value must be different from the current one.",
    "This account is currently inactive.",
    "This email address is already associated with this account.",
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
    "Skip to main content",
    "Home",
    "Select %s to view",
    "Not empty",
    "After you’ve created a user, you’ll be able to edit more user options.",
    "superuser status",
    "If disabled, the current password for this user will be lost.",
    "Deleting the %(object_name)s '%(escaped_object)s' would result in deleting related objects, but your account doesn't have permission to delete the following types of objects:",
    "Deleting the %(object_name)s '%(escaped_object)s' would require deleting the following protected related objects:",
    'Are you sure you want to delete the %(object_name)s "%(escaped_object)s"? All of the following related items will be deleted:',
    "Are you sure you want to delete the selected %(objects_name)s? All of the following objects and their related items will be deleted:",
    "Deleting the selected %(objects_name)s would result in deleting related objects, but your account doesn't have permission to delete the following types of objects:",
    "Deleting the selected %(objects_name)s would require deleting the following protected related objects:",
    "Yes, I’m sure",
    "Objects",
    "Hide counts",
    "Show counts",
    "Action:",
    "Run the selected action",
    "Select this object for an action - {}",
    "Select all objects on this page for an action",
    "No action selected.",
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
    "Enabled",
    "Enter a new password for the user <strong>%(username)s</strong>.",
    "Enter the same password as before, for verification.",
    "Filter navigation items",
    "Forgotten your login credentials?",
    "Go",
    "Has date",
    "Items must be selected in order to perform actions on them. No items have been changed.",
    "Lookup",
    "No, take me back",
    "None",
    "Password changed successfully.",
    "Password confirmation",
    "Password-based authentication",
    "Password-based authentication was disabled.",
    Counted("Please correct the error below.", "Please correct the errors below."),
    "Recent actions",
    "Remove from sorting",
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
    "You are authenticated as %(username)s, but are not authorized to access this page. Would you like to login to a different account?",
    "You don’t have permission to view or edit anything.",
    "You may edit it again below.",
    "last login",
    "password",
)

OTHERS = (*ALLAUTH, *PASSWORDS, *FORMS, *ADMIN)
