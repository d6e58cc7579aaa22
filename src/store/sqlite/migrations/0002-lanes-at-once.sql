-- Work that may start at once is due whatever a clock says: one that was ahead, and has been set back
-- since, must not hold it up. `at` then says since when somebody has stood in the lane, for the order
-- of being served; else it is the time before which nobody in the lane may start.

alter table due_lanes rename to due_lanes_before;

create table due_lanes (
  plan_no integer not null,
  pool text not null,
  capability text not null,
  alone integer not null,
  at_once integer not null,
  at integer not null,
  priority integer not null,
  primary key (plan_no, pool, capability, alone)
) strict, without rowid;

-- Nobody has stood in line since a time that is later than the plan's last event.
insert into due_lanes (plan_no, pool, capability, alone, at_once, at, priority)
  select plan_no, pool, capability, alone, at <= plans.updated_at, at, priority
  from due_lanes_before join plans on plans.no = plan_no;

drop table due_lanes_before;

create index due_lanes_in_line on due_lanes (priority desc, at, plan_no, at_once);
create index due_lanes_by_time on due_lanes (at) where at_once = 0;

pragma user_version = 2;
