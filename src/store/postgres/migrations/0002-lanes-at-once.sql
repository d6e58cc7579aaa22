-- Work that may start at once is due whatever a clock says: one that was ahead, and has been set back
-- since, must not hold it up. `at` then says since when somebody has stood in the lane, for the order
-- of being served; else it is the time before which nobody in the lane may start.

alter table due_lanes add column at_once boolean;

-- The owner sees every row for as long as this takes.
alter table due_lanes no force row level security;
alter table plans no force row level security;

-- Nobody has stood in line since a time that is later than the plan's last event.
update due_lanes set at_once = at <= plans.updated_at from plans where plans.no = due_lanes.plan_no;

alter table due_lanes force row level security;
alter table plans force row level security;

-- An older worker names no such thing: to it, a lane is due when its time has come.
alter table due_lanes alter column at_once set default false, alter column at_once set not null;

drop index due_lanes_by_time;
create index due_lanes_by_time on due_lanes (at) where not at_once;
