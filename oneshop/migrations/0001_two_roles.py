"""The owner of the tables and the role that works with them, before any table is made."""

from django.db import migrations

ROLE = """
DO $$ BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'oneshop_app') THEN
    CREATE ROLE oneshop_app NOLOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE;
  END IF;
  -- so that an owner who logs in alone may put the working role on (a foreign server with one address)
  IF current_setting('is_superuser') <> 'on' THEN
    BEGIN
      EXECUTE format('GRANT oneshop_app TO %I', current_user);
    EXCEPTION WHEN insufficient_privilege THEN
      NULL;  -- the administrator made the role and says who may put it on
    END;
  END IF;
END $$;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO oneshop_app;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO oneshop_app;
GRANT USAGE ON SCHEMA public TO oneshop_app;
"""

SETTINGS = """
CREATE FUNCTION app_commune() RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE
  AS $$ SELECT nullif(current_setting('app.commune', true), '')::bigint $$;
CREATE FUNCTION app_reads_all() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE
  AS $$ SELECT coalesce(current_setting('app.reads_all', true), '') = 'on' $$;
CREATE FUNCTION app_officer() RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE
  AS $$ SELECT nullif(current_setting('app.officer', true), '')::bigint $$;
CREATE FUNCTION app_login() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE
  AS $$ SELECT nullif(current_setting('app.login', true), '') $$;
CREATE FUNCTION app_scanned() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE
  AS $$ SELECT nullif(current_setting('app.scanned', true), '') $$;
CREATE FUNCTION app_refuse_change() RETURNS trigger LANGUAGE plpgsql
  AS $$ BEGIN RAISE EXCEPTION '% never changes', TG_TABLE_NAME USING ERRCODE = 'restrict_violation'; END $$;
"""

SETTINGS_UNDO = """
DROP FUNCTION app_refuse_change(); DROP FUNCTION app_scanned(); DROP FUNCTION app_login();
DROP FUNCTION app_officer(); DROP FUNCTION app_reads_all(); DROP FUNCTION app_commune();
"""


class Migration(migrations.Migration):
    initial = True
    run_before = [("contenttypes", "0001_initial"), ("auth", "0001_initial"), ("sessions", "0001_initial")]
    dependencies = []
    operations = [
        # The role outlives the database: other databases of the server use it too.
        migrations.RunSQL(ROLE, migrations.RunSQL.noop),
        migrations.RunSQL(SETTINGS, SETTINGS_UNDO),
    ]
