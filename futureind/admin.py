"""Django looks for admin pages here; they stand in the rooms."""

from futureind.accounts import admin as account_admin
from futureind.desk import admin as desk_admin
from futureind.editing import admin as editing_admin
from futureind.exchange import admin as exchange_admin
from futureind.jobs import admin as job_admin

__all__ = ["account_admin", "desk_admin", "editing_admin", "exchange_admin", "job_admin"]
