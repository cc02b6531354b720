/** Who may do what: roles, actions, and the reasons why not. */
export { actionNames, actions, stopping } from './action.ts';
export type { Action, ActionRule, Machine } from './action.ts';
export { can, permissionsOf } from './can.ts';
export type { Actor, Circumstances, Permission, Resource } from './can.ts';
export { denialText } from './denial.ts';
export type { Denial, DenialReason } from './denial.ts';
export { roleNames, roles } from './role.ts';
export type { Role } from './role.ts';
