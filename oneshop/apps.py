from django.apps import AppConfig


class House(AppConfig):
    name = "oneshop"

    def ready(self) -> None:
        from oneshop import checks  # noqa: F401  (registers itself; needs the apps to be loaded)
