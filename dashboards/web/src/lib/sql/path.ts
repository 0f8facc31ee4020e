/** The way to a statement. */
import { explorePath } from '../paths';

/** Explore with a statement in place of the pivot: none yet, so that one can be written. */
export function sqlPath(name: string, dimensions: readonly string[], search: string): string {
	const path = explorePath(name, dimensions, search);
	return `${path}${path.includes('?') ? '&' : '?'}sql=`;
}
