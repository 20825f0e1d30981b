"""One's own profile."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.forms import PictureForm, ProfileForm
from accounts.models import Picture
from accounts.models.limits import take
from accounts.models.locale import Locale


def profile(request):
    form = ProfileForm(request.POST or None, instance=request.user)
    if form.is_valid():
        form.instance.save(update_fields=form.changed_data)
        with Locale.of(request).active():  # which is chosen here
            messages.success(request, _("Your profile is saved."))
        return redirect("profile")
    return show(request, form, PictureForm())


@require_POST
def picture(request):
    if "remove" in request.POST:
        Picture.objects.remove(request.user)
        messages.success(request, _("Your picture is gone."))
        return redirect("profile")
    take("upload", request.user)
    form = PictureForm(request.POST, request.FILES)
    if form.is_valid():
        Picture.objects.show(request.user, form.cleaned_data["picture"])
        messages.success(request, _("That is you now."))
        return redirect("profile")
    return show(request, ProfileForm(instance=request.user), form)


def show(request, form, picture_form):
    status = 422 if form.errors or picture_form.errors else 200
    return render(request, "accounts/profile.html", {"form": form, "picture_form": picture_form}, status=status)
