/** The list of packages, asked once for the whole page. */
import { createContext } from 'svelte';
import type { PackageSummary } from './api/types';
import type { Answer } from './ask.svelte';

export const [getPackages, setPackages] = createContext<Answer<PackageSummary[]>>();
