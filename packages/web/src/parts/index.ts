/** What pages are built of. A part knows no domain. */
export { BudgetBar } from './BudgetBar.tsx';
export { Button, buttonClass } from './Button.tsx';
export { Chip, type Tone } from './Chip.tsx';
export { Duration } from './Duration.tsx';
export { Input, Select, TextArea } from './Field.tsx';
export { Hatching } from './Hatching.tsx';
export { Icon, type IconName } from './Icon.tsx';
export { Fact, Facts, Panel } from './Panel.tsx';
export { Problem } from './Problem.tsx';
export { Empty, Holding, Loaded, Notice } from './States.tsx';
export { Table, type Column } from './Table.tsx';
export { Tabs, type Tab } from './Tabs.tsx';
export { Time } from './Time.tsx';
