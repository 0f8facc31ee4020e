/** The API's answers as the page calls them. */
import type { components } from './schema';

type Schemas = components['schemas'];

export type Session = Schemas['Session'];
export type PackageSummary = Schemas['Package'];
export type Status = Schemas['Status'];
export type EventRow = Schemas['LatestEvent'];
export type Question = Schemas['Question'];
export type QueryAnswer = Schemas['Answer'];
export type Statement = Schemas['Statement'];
export type Release = Schemas['Release'];
