/** The API as `dashboards/openapi.json` describes it; written by `npm run api`. */

export interface paths {
    "/api/v2/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The newest events. */
        get: {
            parameters: {
                query?: {
                    /** @description Package name, or `*` for all. */
                    package?: string;
                    /** @description How many, 1 to 100. */
                    limit?: number;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description newest first; within a minute the last one stored comes first */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Events"];
                    };
                };
                /** @description a parameter makes no sense */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description not signed in */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description ClickHouse is not reachable, not ready or busy; `Retry-After` says when to ask again */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description ClickHouse took longer than 15 s */
                504: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v2/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Export rows by a link. */
        get: {
            parameters: {
                query?: {
                    /** @description Package name, or `*` for all. */
                    site_id?: string;
                    /** @description A preset such as `28d`, or two dates with a comma between them. */
                    date_range?: string;
                    /** @description csv, ndjson, parquet or arrow. */
                    format?: string;
                    /** @description As in a question, in JSON. */
                    filters?: string;
                    /** @description IANA name; UTC unless given. */
                    timezone?: string;
                    /** @description Which columns of an event, with commas between them. */
                    columns?: string;
                    /** @description What to count, with commas between; makes this a question. */
                    metrics?: string;
                    /** @description What a question is split by, with commas between. */
                    dimensions?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description rows as a file; a transfer that breaks off is not whole */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/octet-stream": string;
                    };
                };
                /** @description a parameter makes no sense */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description not signed in */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description ClickHouse is not reachable, not ready or busy, or two exports are running; `Retry-After` says when to ask again */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
            };
        };
        put?: never;
        /** Export rows. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["ExportRequest"];
                };
            };
            responses: {
                /** @description rows as a file; a transfer that breaks off is not whole */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/octet-stream": string;
                    };
                };
                /** @description what is wanted makes no sense; the error begins with a JSON pointer to the place */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description not signed in */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description asked by another site's page */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description ClickHouse is not reachable, not ready or busy, or two exports are running; `Retry-After` says when to ask again */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v2/import": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Imports the body: lines as they are, or by gzip or zstd. */
        post: {
            parameters: {
                query: {
                    /** @description weir, scarf, scarf-csv, nginx, caddy, cloudfront, fastly, pypi, npm, crates or docker-hub. */
                    from: string;
                    /** @description Package of everything in it, whatever it says. */
                    package?: string;
                    /** @description Domain of requests whose log does not say it. */
                    domain?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/octet-stream": string;
                };
            };
            responses: {
                /** @description every line is in, now or since before */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Report"];
                    };
                };
                /** @description some lines are in, some are refused */
                207: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Report"];
                    };
                };
                /** @description a parameter makes no sense, or the body breaks off or is damaged */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description no token, or one that does not open this */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description this installation takes no imports by HTTP */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description it decompresses to more than 100 MiB, or to more than 100 times its size; what came before is in */
                413: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description another import is under way, or ClickHouse does not take it */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v2/imported": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What registries counted. */
        get: {
            parameters: {
                query: {
                    /** @description Package name, or `*` for all. */
                    package?: string;
                    /** @description First day, as 2026-03-01. */
                    from: string;
                    /** @description Day after the last. */
                    to: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description by source, package and day */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Totals"];
                    };
                };
                /** @description a parameter makes no sense */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description not signed in */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description ClickHouse is not reachable, not ready or busy; `Retry-After` says when to ask again */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description ClickHouse took longer than 15 s */
                504: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v2/packages": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** All packages, configured or seen. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description most downloads first */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Packages"];
                    };
                };
                /** @description not signed in */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description ClickHouse is not reachable, not ready or busy; `Retry-After` says when to ask again */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description ClickHouse took longer than 15 s */
                504: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v2/query": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Ask a question. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["Question"];
                };
            };
            responses: {
                /** @description rows, what goes with them, and the question as understood */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Answer"];
                    };
                };
                /** @description the question makes no sense; the error begins with a JSON pointer to the place */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description not signed in */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description asked by another site's page */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description ClickHouse is not reachable, not ready or busy; `Retry-After` says when to ask again */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description ClickHouse took longer than 15 s */
                504: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v2/schema.json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The JSON Schema of questions. Needs no session. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description JSON Schema, draft 2020-12 */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": Record<string, never>;
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v2/session": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who is looking. Needs no session. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description state of this browser */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Session"];
                    };
                };
            };
        };
        put?: never;
        /** Sign in. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["Credentials"];
                };
            };
            responses: {
                /** @description signed in; sets the session cookie */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Session"];
                    };
                };
                /** @description not the expected JSON */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description wrong name or password */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description asked by another site's page */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description more than five tries in a minute; `Retry-After` says when */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
            };
        };
        /** Sign out. */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description signed out; the cookie is worth nothing from now on */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description asked by another site's page */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v2/setup": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Make the owner and sign in. Works once. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["NewOwner"];
                };
            };
            responses: {
                /** @description made and signed in; sets the session cookie */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Session"];
                    };
                };
                /** @description not the expected JSON */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description wrong or expired code, or asked by another site's page */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description there is an owner already */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description name or password cannot be used */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description more than five tries in a minute; `Retry-After` says when */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v2/status": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The state of engine and spool. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description as of this moment */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Status"];
                    };
                };
                /** @description not signed in */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/healthz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The process lives. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description it does */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        /** @example ok */
                        "text/plain": string;
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/readyz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Questions can be answered. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description they can */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        /** @example ready */
                        "text/plain": string;
                    };
                };
                /** @description ClickHouse is starting or down */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "text/plain": string;
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** @description The answer to a question. */
        Answer: {
            /** @description The rows asked for. */
            results: components["schemas"]["Row"][];
            /** @description What goes with them. */
            meta: components["schemas"]["Meta"];
            /** @description The question as understood: absolute times, defaults, time zone, and the table that answered. */
            query: Record<string, never>;
        };
        /** @description A row of the other period. */
        Comparison: {
            /** @description Values of the metrics then; null where that is no longer known. */
            metrics: (number | null)[];
            /**
             * @description Change from then to now in percent, to a tenth; null where nothing is known of then, and in
             *     buckets of time that are not finished.
             */
            change: (number | null)[];
        };
        /** @description Name and password. */
        Credentials: {
            /** @description Name as chosen at set-up; case does not matter. */
            name: string;
            /**
             * Format: password
             * @description Password.
             */
            password: string;
        };
        /** @description How documents that list files, such as an index's pages, were come by. */
        DocumentStatus: {
            /**
             * Format: int64
             * @description From memory, without asking the upstream.
             */
            hits: number;
            /**
             * Format: int64
             * @description Fetched whole from the upstream.
             */
            misses: number;
            /**
             * Format: int64
             * @description From memory, after the upstream said that nothing had changed.
             */
            unchanged: number;
            /**
             * Format: int64
             * @description From memory past their time, because the upstream failed.
             */
            stale: number;
        };
        /**
         * @description What ClickHouse is doing.
         * @enum {string}
         */
        EngineState: "ready" | "starting" | "down" | "external" | "unknown";
        /** @description ClickHouse as its supervisor sees it. */
        EngineStatus: {
            /** @description What it is doing. */
            state: components["schemas"]["EngineState"];
            /**
             * Format: date-time
             * @description Since when.
             */
            since?: string | null;
            /** @description More about it, for people. */
            message?: string | null;
        };
        /** @description What went wrong, for people; a place in the request comes first where there is one (`#/metrics/1: …`). */
        ErrorBody: {
            error: string;
        };
        /** @description The newest events. */
        Events: {
            /** @description Newest first. */
            events: components["schemas"]["LatestEvent"][];
        };
        /**
         * @description Rows to export. With `metrics` they are those of that question, and its other members may stand
         *     here too; without, they are events as they are stored.
         */
        ExportRequest: {
            /** @description Package name, or `*` for all. */
            site_id: string;
            /** @description A preset such as `28d`, or two dates, both included. */
            date_range: unknown;
            /** @description csv, ndjson, parquet or arrow. */
            format: string;
            /** @description As in a question. */
            filters?: unknown[] | null;
            /** @description IANA name; UTC unless given. */
            timezone?: string | null;
            /** @description Which columns of an event; all unless given. */
            columns?: string[] | null;
            /** @description What to count; makes this a question. */
            metrics?: string[] | null;
            /** @description What a question is split by. */
            dimensions?: string[] | null;
        };
        Filter: [
            "is" | "is_not" | "contains" | "contains_not" | "matches" | "matches_not",
            "package" | "version" | "version_major" | "channel" | "artifact" | "client" | "client_version" | "os" | "arch" | "country" | "audience" | "kind" | "domain" | "ecosystem" | "ci_name" | "route" | "status" | "referrer_host" | "page" | "source",
            string[]
        ] | [
            "and" | "or",
            unknown[]
        ] | [
            "not",
            unknown
        ];
        /** @description What one registry counted of one package. */
        ImportedTotal: {
            /** @description Who counted, by rules of its own: pypi, npm, crates, docker-hub. */
            source: string;
            /** @description Name of the package there, or the one it was imported under. */
            package: string;
            /**
             * Format: date
             * @description UTC day.
             */
            day: string;
            /** @description day: downloads of that day; ever: of all days until then. */
            span: string;
            /**
             * Format: int64
             * @description How many.
             */
            downloads: number;
        };
        /** @description An event in short. Empty text is "unknown". */
        LatestEvent: {
            /**
             * Format: date-time
             * @description UTC, to the minute.
             */
            time: string;
            /** @description What happened: download, check, metadata, inspect, mirror, script, `install_ping`, view, custom, `broken_link`, repeat. */
            kind: string;
            /** @description Package name. */
            package: string;
            /** @description Version as published. */
            version: string;
            /** @description Family of the client, such as pip. */
            client: string;
            /** @description Its version. */
            client_version: string;
            /** @description Operating system. */
            os: string;
            /** @description Processor architecture. */
            arch: string;
            /** @description ISO 3166-1 alpha-2. */
            country: string;
            /** @description people, ci, mirror, updater, bot, proxy, unknown. */
            audience: string;
            /** @description File name or image reference. */
            artifact: string;
            /**
             * Format: int32
             * @description HTTP status that was answered.
             */
            status: number;
            /** @description Route that matched, as written in the configuration; `made-up history` for a demo's made-up event. */
            route: string;
        };
        /** @description What goes with the rows. */
        Meta: {
            /**
             * Format: int64
             * @description How many rows there are without the limit.
             */
            total_rows?: number;
            /** @description Every bucket of the time axis, oldest first. */
            time_labels?: string[];
            /** @description The axis of the other period; buckets correspond by position. */
            comparison_time_labels?: string[];
            /** @description Says that the last bucket is still filling, where it is. */
            partial?: string;
            /** @description Versions first seen within the period. */
            releases?: components["schemas"]["Release"][];
            /** @description Whether days are missing that were asked for; the warnings say which. */
            incomplete?: boolean;
            /** @description What the numbers leave out. */
            warnings?: string[];
        };
        /** @description The owner to be. */
        NewOwner: {
            /** @description One-time code from the console; case and dashes do not matter. */
            code: string;
            /** @description Name to sign in by, 1 to 64 bytes. */
            name: string;
            /**
             * Format: password
             * @description At least 12 characters.
             */
            password: string;
        };
        /** @description A package. */
        Package: {
            /** @description The name that events carry, such as `acme/rocket`. */
            name: string;
            /** @description Kind of registry: file, oci, pypi, event, docs; empty when only old events name the package. */
            ecosystem: string;
            /** @description Host names that serve it. */
            domains: string[];
            /** @description Commands that send a first event through those; what stands in braces is for the reader to fill. */
            try: string[];
            /** @description Whether the configuration has it. */
            configured: boolean;
            /**
             * Format: int64
             * @description Downloads of the last 28 UTC days, this one included.
             */
            downloads_28d: number;
            /**
             * Format: date-time
             * @description When it was last heard of: to the minute for two days, to the UTC day after that.
             */
            last_event?: string | null;
        };
        /** @description All packages. */
        Packages: {
            /** @description Most downloads first. */
            packages: components["schemas"]["Package"][];
        };
        /** @description The program. */
        Product: {
            /** @description Release, such as `0.1.0`. */
            version: string;
        };
        /** Weir query */
        Question: {
            /** @description package name, or "*" for all */
            site_id: string;
            /** @description downloads: answered requests for artifacts, without repeats of the same client within a minute (within ten where the client names its run); clients of one sort behind one address are one. requests: the same with repeats, so that many machines behind one address show. events: everything recorded. */
            metrics: ("downloads" | "requests" | "events" | "people" | "checks" | "hub_pulls" | "views" | "versions" | "bytes")[];
            date_range: ("24h" | "day" | "7d" | "28d" | "91d" | "6mo" | "12mo" | "month" | "year" | "all") | string[];
            dimensions?: ("time:hour" | "time:day" | "time:week" | "time:month" | "package" | "version" | "version_major" | "channel" | "artifact" | "client" | "client_version" | "os" | "arch" | "country" | "audience" | "kind" | "domain" | "ecosystem" | "ci_name" | "route" | "status" | "referrer_host" | "page" | "source")[];
            filters?: components["schemas"]["Filter"][];
            order_by?: [
                string,
                "asc" | "desc"
            ][];
            include?: {
                time_labels?: boolean;
                total_rows?: boolean;
                /** @enum {string} */
                compare?: "previous_period" | "year_over_year";
                releases?: boolean;
            };
            pagination?: {
                /** @default 1000 */
                limit: number;
                /** @default 0 */
                offset: number;
            };
            /**
             * @description IANA name, such as Europe/Zurich
             * @default UTC
             */
            timezone: string;
        };
        /** @description A line that is not imported. */
        RefusedLine: {
            /**
             * Format: int64
             * @description Its number, from 1.
             */
            line: number;
            /** @description Why not. */
            reason: string;
        };
        /** @description A version and the day of its first download. */
        Release: {
            /** @description As published. */
            version: string;
            /** @description UTC day, `YYYY-MM-DD`. */
            first_seen: string;
        };
        /** @description How an import went. */
        Report: {
            /**
             * Format: int64
             * @description Lines read, or rows of documents.
             */
            read: number;
            /**
             * Format: int64
             * @description Events that are in now and were not before.
             */
            events: number;
            /**
             * Format: int64
             * @description Totals of a registry taken over.
             */
            totals: number;
            /**
             * Format: int64
             * @description Events that were there already.
             */
            known: number;
            /**
             * Format: int64
             * @description Events whose sender asked not to be counted.
             */
            opted_out: number;
            /**
             * Format: int64
             * @description Lines refused.
             */
            refused: number;
            /** @description The first thousand of those. */
            lines: components["schemas"]["RefusedLine"][];
        };
        /** @description One combination of dimension values. */
        Row: {
            /**
             * @description Values of the dimensions, in the order asked; empty text is "unknown". Hours are written
             *     `2026-11-21 09:00:00`, days, weeks (by their Monday) and months (by their first) `2026-11-21`.
             */
            dimensions: string[];
            /** @description Values of the metrics, in the order asked: counts, and bytes for `bytes`. */
            metrics: number[];
            /** @description The same row of the other period. */
            comparison?: components["schemas"]["Comparison"];
        };
        /** @description The session as the page sees it. */
        Session: {
            /** @description What the page can do. */
            state: components["schemas"]["SessionState"];
            user?: components["schemas"]["SessionUser"] | null;
            /** @description What is running. */
            product: components["schemas"]["Product"];
        };
        /**
         * @description What the page can do.
         * @enum {string}
         */
        SessionState: "setup" | "signed_out" | "signed_in";
        /** @description A user. */
        SessionUser: {
            /** @description As chosen at set-up. */
            name: string;
        };
        /** @description Events between the gateway and ClickHouse. */
        SpoolStatus: {
            /**
             * Format: int64
             * @description Sealed batches on disk.
             */
            pending_batches: number;
            /**
             * Format: int64
             * @description Their size in bytes.
             */
            pending_bytes: number;
            /**
             * Format: int64
             * @description Age of the oldest in seconds.
             */
            oldest_s?: number | null;
        };
        /** @description The state of everything behind the numbers. */
        Status: {
            /** @description ClickHouse. */
            engine: components["schemas"]["EngineStatus"];
            /** @description Events that wait to be stored. */
            spool: components["schemas"]["SpoolStatus"];
            /** @description Whether old events are being stored faster than new ones arrive: numbers still grow backwards. */
            catching_up: boolean;
            /** @description Events that were lost since the start, by reason. */
            dropped: {
                [key: string]: number;
            };
            /** @description Documents of upstreams since the start. */
            documents: components["schemas"]["DocumentStatus"];
            /**
             * Format: date-time
             * @description Everything up to this time is stored and counted.
             */
            stored_until?: string | null;
        };
        /** @description What registries counted. */
        Totals: {
            /** @description By source, package and day; at most 50,000. */
            totals: components["schemas"]["ImportedTotal"][];
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export type operations = Record<string, never>;
