"""The database refuses to change or delete a line of a booking's log."""

from django.db import migrations

# Whether a letter is still to be written is the sweep's own mark, and no part of what the line says. A place goes
# from hand to hand out before in: the first line learns the other booking, once, when there is one.
REFUSE = """
    CREATE FUNCTION courses_bookingevent_never_changes() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP = 'DELETE' THEN
            RAISE EXCEPTION 'Line % of a booking''s log is never deleted.', OLD.id USING ERRCODE = 'restrict_violation';
        END IF;
        IF (OLD.other_id IS NOT NULL AND NEW.other_id IS DISTINCT FROM OLD.other_id)
            OR (to_jsonb(NEW) - '{other_id,to_tell}'::text[]) IS DISTINCT FROM (to_jsonb(OLD) - '{other_id,to_tell}'::text[])
        THEN
            RAISE EXCEPTION 'Line % of a booking''s log never changes.', OLD.id USING ERRCODE = 'restrict_violation';
        END IF;
        RETURN NEW;
    END $$;
    CREATE TRIGGER booking_event_never_changes BEFORE UPDATE OR DELETE ON courses_bookingevent
    FOR EACH ROW EXECUTE FUNCTION courses_bookingevent_never_changes();
"""
ALLOW = """
    DROP TRIGGER IF EXISTS booking_event_never_changes ON courses_bookingevent;
    DROP FUNCTION IF EXISTS courses_bookingevent_never_changes();
"""


class Migration(migrations.Migration):
    dependencies = [("courses", "0023_bookings_to_judge_anew")]

    operations = [migrations.RunSQL(REFUSE, ALLOW)]
