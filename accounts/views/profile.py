"""A person's own profile."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.forms.profile import PictureForm, ProfileForm, ThemeForm
from accounts.models.locale import Locale
from accounts.pictures.cleaning import NoPicture
from accounts.views.returning import go_back


def profile(request):
    form, picture_form = ProfileForm(request.POST or None, instance=request.user), PictureForm()
    if request.FILES:
        picture_form = PictureForm(request.POST, request.FILES)
        set_picture(request, picture_form)
    if form.is_valid() and not picture_form.errors:
        form.instance.change_profile(form.changed_data)
        with Locale.of(request).active():  # the form may have changed the language
            messages.success(request, _("Profile saved."))
        return redirect("profile")
    return show(request, form, picture_form)


@require_POST
def theme(request):
    """Choose the colours in the menu of every page."""
    form = ThemeForm(request.POST, instance=request.user)
    if form.is_valid():
        form.instance.change_profile(form.changed_data)
    return go_back(request, "profile")


@require_POST
def picture(request):
    if "remove" in request.POST:
        request.user.remove_picture()
        messages.success(request, _("Picture removed."))
        return redirect("profile")
    form = PictureForm(request.POST, request.FILES)
    set_picture(request, form)
    return show(request, ProfileForm(instance=request.user), form) if form.errors else redirect("profile")


def set_picture(request, form: PictureForm) -> None:
    """Set the chosen picture, or show in the form why it can't be used."""
    if form.is_valid():
        try:
            request.user.set_picture(form.cleaned_data["picture"])
            messages.success(request, _("Picture updated."))
        except NoPicture as error:
            form.add_error("picture", _(str(error)))


def show(request, form, picture_form):
    status = 422 if form.errors or picture_form.errors else 200
    return render(request, "accounts/profile.html", {"form": form, "picture_form": picture_form}, status=status)
