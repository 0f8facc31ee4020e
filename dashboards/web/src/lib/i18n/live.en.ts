/** Words of the live view, in English. */
export const words = {
	title: 'Live',
	all: 'All packages',
	now: (people: number) =>
		people === 1 ? '1 person in the last 5 minutes' : `${people} people in the last 5 minutes`,
	people: 'People in the last 5 minutes',
	peopleCounts:
		'Distinct sources of downloads and docs views within the last five minutes, the running one included. Somebody who takes two packages counts for each.',
	byMinute: 'Last 30 minutes',
	byMinuteCounts:
		'People and events of each minute: downloads and docs views that were answered. The last minute still runs. Refreshed every five seconds.',
	peopleOf: 'People',
	eventsOf: 'Events',
	minute: 'Minute',
	minuteIs: (time: string, people: string, events: string) =>
		`${time}: people ${people}, events ${events}`,
	ago: (minutes: number) => `${minutes} min ago`,
	nowTick: 'now',
	places: 'Where it comes from',
	placesCounts:
		'Countries of the events below that came within the last half hour, whatever their audience and kind. One shines by its newest event and fades with every minute.',
	mapOf: (countries: string) => `World map. Newest: ${countries}.`,
	mapNobody: 'No event with a known country in the last half hour.',
	stream: 'Events',
	streamCounts:
		'Events as they are stored, newest first, of every audience and kind, to the minute. Nothing is shown that is not kept: no address, no agent. Of a package that is very busy only some are shown; all are counted.',
	package: 'Package',
	organisation: 'Organisation',
	pause: 'Pause',
	resume: 'Go on',
	waiting: (events: number) => (events === 1 ? '1 new event' : `${events} new events`),
	live: 'live',
	reconnecting: 'connecting again…',
	none: 'Nothing yet',
	noneWhy: 'Events show here as soon as they are stored, within seconds of the download.',
	setUp: 'Set it up',
	silent: (silence: string, gap: string) =>
		`No event for ${silence}; usually one comes every ${gap}.`,
	silentWhy: 'See whether downloads come through',
	listen: 'Then listen:'
};
