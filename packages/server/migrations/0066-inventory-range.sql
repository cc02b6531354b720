-- A range of keys is read from the index alone. Owner: inventory.
drop index inventory_component_version_key;
create index inventory_component_version_key on inventory_component_version (package, vkey) include (id, distro);
