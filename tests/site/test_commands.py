"""Every command of our own explains itself."""

import pytest
from django.apps import apps
from django.core.management import find_commands, load_command_class

from tests.our_apps import OUR_APPS

pytestmark = pytest.mark.one_database

COMMANDS = [
    (app, name)
    for app in OUR_APPS
    for name in find_commands(f"{apps.get_app_config(app).path}/management")
]


@pytest.mark.parametrize(("app", "name"), COMMANDS)
def test_a_command_says_what_it_does(app, name):
    command = load_command_class(apps.get_app_config(app).name, name)

    text = command.create_parser("manage.py", name).format_help()

    assert command.help
    assert " ".join(command.help.split())[:40] in " ".join(text.split())
