-- What finds an event is guarded as the event is: a row taken out of the index, or one that says something else than its event, would
-- hide the event from every filter while the trail itself is whole.
CREATE TRIGGER audit_find_is_never_changed BEFORE UPDATE ON audit_find
BEGIN SELECT RAISE(ABORT, 'what finds an event is never changed'); END;

CREATE TRIGGER audit_find_is_never_removed BEFORE DELETE ON audit_find
BEGIN SELECT RAISE(ABORT, 'what finds an event is never removed'); END;

CREATE TRIGGER audit_find_is_never_replaced BEFORE INSERT ON audit_find
WHEN EXISTS (SELECT 1 FROM audit_find WHERE seq = NEW.seq)
BEGIN SELECT RAISE(ABORT, 'what finds an event is never replaced'); END;

CREATE TRIGGER audit_find_says_what_its_event_says BEFORE INSERT ON audit_find
WHEN NOT EXISTS (
    SELECT 1 FROM audit_event e
    WHERE e.seq = NEW.seq AND e.time = NEW.time AND e.type = NEW.type AND e.outcome = NEW.outcome AND e.actor = NEW.actor
    AND e.subject IS NEW.subject AND e.session IS NEW.session)
BEGIN SELECT RAISE(ABORT, 'what finds an event never says something else'); END;

-- Nor may the index pass over events that it hasn't taken up.
CREATE TRIGGER audit_found_only_goes_on BEFORE UPDATE ON audit_found
WHEN NEW.seq < OLD.seq OR NEW.seq > (SELECT coalesce(max(seq), 0) FROM audit_find)
BEGIN SELECT RAISE(ABORT, 'the index never passes over an event'); END;

CREATE TRIGGER audit_found_is_never_removed BEFORE DELETE ON audit_found
BEGIN SELECT RAISE(ABORT, 'the index never forgets how far it has come'); END;
