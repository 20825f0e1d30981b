"""Sign up, and one's own profile. Signing in and out are Django's."""

from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render

from accounts.forms import ProfileForm, SignUpForm
from accounts.models import User


@login_not_required
def sign_up(request):
    if request.user.is_authenticated:
        return redirect("inbox")
    form = SignUpForm(request.POST or None)
    if form.is_valid():
        try:
            login(request, form.save())
            return redirect("inbox")
        except ValidationError as error:
            form.add_error(None, error)
    context = {"form": form, "is_first": User.objects.is_new_place()}
    return render(request, "accounts/sign_up.html", context)


def profile(request):
    form = ProfileForm(request.POST or None, instance=request.user)
    if form.is_valid():
        form.instance.save(update_fields=form.changed_data)
        messages.success(request, "Your profile is saved.")
        return redirect("profile")
    return render(request, "accounts/profile.html", {"form": form})
