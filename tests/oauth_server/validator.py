"""Refresh tokens that expire: the toolkit itself only removes those that are old from its database."""

from datetime import timedelta

from django.utils import timezone
from oauth2_provider.oauth2_validators import OAuth2Validator
from oauth2_provider.settings import oauth2_settings


class Validator(OAuth2Validator):
    def validate_refresh_token(self, refresh_token, client, request, *args, **kwargs):
        lifetime = timedelta(seconds=oauth2_settings.REFRESH_TOKEN_EXPIRE_SECONDS)
        return (
            super().validate_refresh_token(refresh_token, client, request, *args, **kwargs)
            and timezone.now() < request.refresh_token_instance.created + lifetime
        )
