"""The login form, the toolkit's own pages below `/o/`, and what a token opens."""

from django.contrib.auth.views import LoginView
from django.http import JsonResponse
from django.urls import include, path
from oauth2_provider.oauth2_backends import get_oauthlib_core
from oauth2_provider.views import ConnectDiscoveryInfoView


def resource(scope):
    """As the standard says (RFC 6750, 3.1); the toolkit's own decorator answers 403 whatever is wrong."""

    def view(request):
        valid, judged = get_oauthlib_core().verify_request(request, scopes=[scope])
        if valid:
            return JsonResponse({"user": judged.user and judged.user.get_username()})
        error = getattr(judged, "oauth2_error", {})
        status = 403 if error.get("error") == "insufficient_scope" else 401
        response = JsonResponse(error, status=status)
        details = ", ".join(f'{key}="{value}"' for key, value in error.items())
        response["WWW-Authenticate"] = f"Bearer {details}".strip()
        return response

    return view


urlpatterns = [
    path("login/", LoginView.as_view()),
    # As the standard has it; the toolkit wants a slash at the end before version 2.
    path("o/.well-known/openid-configuration", ConnectDiscoveryInfoView.as_view()),
    path("o/", include("oauth2_provider.urls", namespace="oauth2_provider")),
    path("read", resource("read")),
    path("write", resource("write")),
]
