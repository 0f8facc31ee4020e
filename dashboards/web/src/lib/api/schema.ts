/** The API as `dashboards/openapi.json` describes it; written by `npm run api`. */

export interface paths {
    "/api/v2/audit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What was done by whom. */
        get: {
            parameters: {
                query?: {
                    /** @description Only what happened before this; the last `at` of an answer asks for what comes after it. */
                    before?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description newest first */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["AuditLog"];
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
                /** @description neither owner nor admin */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description too many requests from one network; `Retry-After` says when to ask again */
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
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v2/checks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Look whether downloads of a package can come through: its domain, this gateway there, its upstream.
         * @description Only names of the configuration are asked. One look at a time; it takes ten seconds at most.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["NewCheck"];
                };
            };
            responses: {
                /** @description what was found */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Checks"];
                    };
                };
                /** @description the body makes no sense */
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
                /** @description a package that a guest may not see, or that is not configured */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description the body is too large */
                413: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description the body is not sent as JSON */
                415: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description others are checking; `Retry-After` says when to ask again */
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
    "/api/v2/corrections": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Say that a match is wrong, also in the past. No event is changed, and `undo` takes it back. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["Correction"];
                };
            };
            responses: {
                /** @description it holds from the next question on */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description the correction makes no sense */
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
                /** @description neither owner, admin nor editor, or asked by another site's page */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description corrections are not taken here */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description the body is too large */
                413: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description the body is not sent as JSON */
                415: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description too many requests from one network; `Retry-After` says when to ask again */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description ClickHouse does not take it */
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
    "/api/v2/docs/copied": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Which commands were copied from the docs. */
        get: {
            parameters: {
                query: {
                    /** @description Package name, or `*` for all together. */
                    package?: string;
                    /** @description First day (UTC), as 2026-03-01. */
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
                /** @description by command */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Copied"];
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
                /** @description a package that a guest may not see, or that is not there */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description too many requests from one network; `Retry-After` says when to ask again */
                429: {
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
    "/api/v2/docs/reading": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Which pages organisations read, and had read before they adopted. */
        get: {
            parameters: {
                query: {
                    /** @description Package name, or `*` for all together. */
                    package?: string;
                    /** @description First day (UTC), as 2026-03-01. */
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
                /** @description by page */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Reading"];
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
                /** @description a package that a guest may not see, or that is not there */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description too many requests from one network; `Retry-After` says when to ask again */
                429: {
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
                /** @description a package that a guest may not see, or that is not there */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description too many requests from one network; `Retry-After` says when to ask again */
                429: {
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
                        "text/csv": string;
                        "application/x-ndjson": string;
                        "application/vnd.apache.parquet": string;
                        "application/vnd.apache.arrow.file": string;
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
                /** @description a package that a guest may not see, or that is not there */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description too many requests from one network; `Retry-After` says when to ask again */
                429: {
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
                        "text/csv": string;
                        "application/x-ndjson": string;
                        "application/vnd.apache.parquet": string;
                        "application/vnd.apache.arrow.file": string;
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
                /** @description a package that a guest may not see, or that is not there */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description the body is too large */
                413: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description the body is not sent as JSON */
                415: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description too many requests from one network; `Retry-After` says when to ask again */
                429: {
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
    "/api/v2/funnel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How far organisations went from the docs to a download and beyond. */
        get: {
            parameters: {
                query: {
                    /** @description Package name, or `*` for all together. */
                    package?: string;
                    /** @description First day (UTC) of reading, as 2026-03-01. */
                    from: string;
                    /** @description Day after the last of reading. Later steps count until now. */
                    to: string;
                    /** @description Regular expression (RE2) of the paths of pages that say how to install. */
                    install?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description organisations by step */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Funnel"];
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
                /** @description a package that a guest may not see, or that is not there */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description too many requests from one network; `Retry-After` says when to ask again */
                429: {
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
                    /** @description Day of a counter that does not say it, as 2026-03-01; today (UTC) unless given. */
                    day?: string;
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
                /** @description a role or a token that may not import this */
                403: {
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
                /** @description too many requests from one network; `Retry-After` says when to ask again */
                429: {
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
                /** @description a package that a guest may not see, or that is not there */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description too many requests from one network; `Retry-After` says when to ask again */
                429: {
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
    "/api/v2/invitation": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** What a link offers. It can still be used after that. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["LinkSecret"];
                };
            };
            responses: {
                /** @description an account, or a new password */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Offer"];
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
                /** @description asked by another site's page */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description the link was used, was taken back or has expired */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description the body is too large */
                413: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description the body is not sent as JSON */
                415: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description too many requests from one network; `Retry-After` says when to ask again */
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
    "/api/v2/invitation/accept": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Use a link, and sign in. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["Acceptance"];
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
                /** @description asked by another site's page, or only the provider makes accounts */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description the link was used, was taken back or has expired */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description the body is too large */
                413: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description the body is not sent as JSON */
                415: {
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
                /** @description too many passwords at a time; `Retry-After` says when */
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
    "/api/v2/invitations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Links to new accounts that still work. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description the one that ends first at the top */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Invitations"];
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
                /** @description neither owner nor admin */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description too many requests from one network; `Retry-After` says when to ask again */
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
        put?: never;
        /** Make a link to a new account. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["NewInvitation"];
                };
            };
            responses: {
                /** @description works once, for a week; it is not shown again */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["NewLink"];
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
                /** @description not signed in */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description neither owner nor admin, or for an owner and no owner */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description the body is too large */
                413: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description the body is not sent as JSON */
                415: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description a guest without packages, or somebody else with some */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description too many requests from one network; `Retry-After` says when to ask again */
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
    "/api/v2/invitations/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Take a link back. */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description as listed */
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description it is worth nothing any more */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
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
                /** @description neither owner nor admin */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description there is no such link */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description too many requests from one network; `Retry-After` says when to ask again */
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
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v2/live": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Events as they arrive, and how busy it is.
         * @description A stream of server-sent events: `hello`, then `events` and `counts`, with a comment every 5 s where nothing
         *     happens. It ends when whoever asks may not see it any more, and then answers 401 or 404. Whoever connects again
         *     with `Last-Event-ID` misses nothing that is still remembered; otherwise it begins with the newest 50 events.
         */
        get: {
            parameters: {
                query?: {
                    /** @description Package name, or `*` for all. */
                    package?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description messages, for as long as somebody listens */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "text/event-stream": components["schemas"]["LiveMessage"];
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
                /** @description a package that a guest may not see, or that is not there */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description too many streams at once; `Retry-After` says when to ask again */
                429: {
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
    "/api/v2/oidc": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Go to the provider. Sets a cookie that the way back needs. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["Departure"];
                };
            };
            responses: {
                /** @description where to go */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Destination"];
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
                /** @description asked by another site's page */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description there is no provider, or the link was used */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description the body is too large */
                413: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description the body is not sent as JSON */
                415: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description too many requests from one network; `Retry-After` says when to ask again */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description the provider does not answer; `Retry-After` says when to try again */
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
    "/api/v2/oidc/callback": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Come back from the provider. Browsers are sent here; what comes of it is a page. */
        get: {
            parameters: {
                query?: {
                    /** @description Proof that this browser asked. */
                    state?: string;
                    /** @description What an ID token can be had for, once. */
                    code?: string;
                    /** @description Why there is no code. */
                    error?: string;
                    /** @description Who says so (RFC 9207). */
                    iss?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description to the page, with the session cookie; or to `/sign-in`, which says what went wrong */
                303: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
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
                /** @description there is no provider */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description too many requests from one network; `Retry-After` says when to ask again */
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
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v2/operation": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How the program runs. */
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
                        "application/json": components["schemas"]["Operation"];
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
                /** @description only owners and admins may see this */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description too many requests from one network; `Retry-After` says when to ask again */
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
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v2/operation/rules": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How often each rule about audiences decided. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description within the last seven days */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["RuleHits"];
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
                /** @description only owners and admins may see this */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description too many requests from one network; `Retry-After` says when to ask again */
                429: {
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
    "/api/v2/organisation": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One organisation. Its versions over time are a question: `version` by `time:week` with a filter on
         *     `organisation_domain`, or on `organisation` where it has no domain.
         */
        get: {
            parameters: {
                query: {
                    /** @description Package name, or `*` for all. */
                    package?: string;
                    /** @description Its `key`. */
                    organisation: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description all that is known of it */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["OrganisationProfile"];
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
                /** @description no such package or organisation, or one that a guest may not see */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description too many requests from one network; `Retry-After` says when to ask again */
                429: {
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
    "/api/v2/organisations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Organisations of a package or of all packages, as of a day. */
        get: {
            parameters: {
                query?: {
                    /** @description Package name, or `*` for all. */
                    package?: string;
                    /** @description First UTC day of the period whose downloads are counted; 27 days before the last unless given. */
                    from?: string;
                    /** @description Its last day, as of which stages and statuses are; today unless given. */
                    to?: string;
                    /** @description Part of the name or domain. */
                    search?: string;
                    /** @description business, education, government or nonprofit. */
                    type?: string;
                    /** @description Least confidence in percent. */
                    confidence?: number;
                    /** @description How the last 28 days compare with the 28 before. */
                    status?: "new" | "growing" | "steady" | "quiet";
                    /** @description How far they have come. */
                    stage?: "interest" | "investigation" | "experimentation" | "ongoing_use" | "inactive";
                    /** @description What they are sorted by. */
                    sort?: "name" | "type" | "stage" | "downloads" | "ci" | "views" | "packages" | "first_seen" | "last_seen";
                    /** @description Smallest first. */
                    ascending?: boolean;
                    /** @description Most rows, 10,000 at most. */
                    limit?: number;
                    /** @description Rows to skip. */
                    offset?: number;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description a page of them */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["OrganisationPage"];
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
                /** @description a package that a guest may not see, or that is not there */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description too many requests from one network; `Retry-After` says when to ask again */
                429: {
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
        /** All packages that one may see, configured or seen. */
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
                /** @description too many requests from one network; `Retry-After` says when to ask again */
                429: {
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
    "/api/v2/password": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Change one's password. Other sessions end. */
        put: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["NewPassword"];
                };
            };
            responses: {
                /** @description changed */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
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
                /** @description not signed in, or not the password until now */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description asked by another site's page, or with a token */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description the body is too large */
                413: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description the body is not sent as JSON */
                415: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description the password cannot be used */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description too many tries; `Retry-After` says when */
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
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v2/public/{package}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Downloads by week, for everybody.
         * @description Of packages with `public = true` only; all others are not found, like what there is not. Nothing is told
         *     about fewer than ten visitors of a day, added up over the week. A week is told from the Tuesday after it, and never changes.
         */
        get: {
            parameters: {
                query?: {
                    /** @description country, version (its first number), client or platform. */
                    by?: components["schemas"]["Split"];
                };
                header?: never;
                path: {
                    /** @description its name, with `%2F` for `/` */
                    package: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description the last half year, as far as it was counted */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["PublicWeeks"];
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
                /** @description no such package, or not public */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description asked too often; `Retry-After` says when to ask again */
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
                /** @description a package that a guest may not see, or that is not there */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description the body is too large */
                413: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description the body is not sent as JSON */
                415: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description too many requests from one network; `Retry-After` says when to ask again */
                429: {
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
    "/api/v2/releases": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Mark a release: when it came out, and where to read about it.
         * @description The same again changes nothing; another time, link or note replaces what was said of that version before.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["NewRelease"];
                };
            };
            responses: {
                /** @description marked */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["AnnouncedRelease"];
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
                /** @description not signed in */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description asked by another site's page, or not allowed to */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description a package that one may not see */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description the body is too large */
                413: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description the body is not sent as JSON */
                415: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description a release that no mark can be made of */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description too many requests from one network; `Retry-After` says when to ask again */
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
    "/api/v2/retention": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** In which months organisations came back. */
        get: {
            parameters: {
                query?: {
                    /** @description Package name, or `*` for all together. */
                    package?: string;
                    /** @description Months of first downloads, this one included: 1 to 25. */
                    months?: number;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description by month of the first download */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Retention"];
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
                /** @description a package that a guest may not see, or that is not there */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description too many requests from one network; `Retry-After` says when to ask again */
                429: {
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
                /** @description too many requests from one network; `Retry-After` says when to ask again */
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
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v2/scorecard": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What makes a package's numbers good, and what of it is done. Whoever runs the installation is told what only they
         *     can do as well.
         */
        get: {
            parameters: {
                query: {
                    /** @description Package name. */
                    package: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description every step, done or not */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Scorecard"];
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
                /** @description a package that a guest may not see, or that is not there */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description too many requests from one network; `Retry-After` says when to ask again */
                429: {
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
    "/api/v2/second-factor": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Turn the second factor on, or change it. */
        put: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["NewSecondFactor"];
                };
            };
            responses: {
                /** @description on from now */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["RecoveryCodes"];
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
                /** @description not signed in, or a wrong password or code */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description asked by another site's page, or with a token */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description the body is too large */
                413: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description the body is not sent as JSON */
                415: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description not a secret that was proposed */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description too many tries; `Retry-After` says when */
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
        /** Propose a second factor. Nothing changes before a code was seen. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description for an app that makes codes */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Proposal"];
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
                /** @description asked by another site's page, or with a token */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description too many requests from one network; `Retry-After` says when to ask again */
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
    "/api/v2/second-factor/off": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Turn the second factor off. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["PasswordProof"];
                };
            };
            responses: {
                /** @description off from now; recovery codes are worth nothing */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
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
                /** @description not signed in, or a wrong password */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description asked by another site's page, or with a token */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description the body is too large */
                413: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description the body is not sent as JSON */
                415: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description the account has no password */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description too many tries; `Retry-After` says when */
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
                /** @description too many requests from one network; `Retry-After` says when to ask again */
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
                /** @description signed in, with the session cookie; or, in state `second_factor`, not yet */
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
                /** @description wrong name, password or code */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description asked by another site's page, or only the provider signs in */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description the body is too large */
                413: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description the body is not sent as JSON */
                415: {
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
                /** @description too many requests from one network; `Retry-After` says when to ask again */
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
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v2/session/code": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Give the code of the second factor, after a provider that asked for none. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["Code"];
                };
            };
            responses: {
                /** @description signed in, with another session cookie */
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
                /** @description wrong code, or there is no session that awaits one */
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
                /** @description the body is too large */
                413: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description the body is not sent as JSON */
                415: {
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
    "/api/v2/sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One's sessions. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description the one last used first */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Sessions"];
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
                /** @description asked with a token */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description too many requests from one network; `Retry-After` says when to ask again */
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
        put?: never;
        post?: never;
        /** Sign out everywhere. */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description no session is left, this one neither */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
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
                /** @description asked by another site's page, or with a token */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description too many requests from one network; `Retry-After` says when to ask again */
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
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v2/sessions/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** End one of one's sessions. */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description as listed */
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description ended */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
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
                /** @description asked by another site's page, or with a token */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description one has no such session */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description too many requests from one network; `Retry-After` says when to ask again */
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
                /** @description the body is too large */
                413: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description the body is not sent as JSON */
                415: {
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
    "/api/v2/sql": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Run a statement of one's own. It reads the numbers of all packages, for 10 s at most. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["SqlRequest"];
                };
            };
            responses: {
                /** @description rows */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["SqlAnswer"];
                        "text/csv": string;
                        "application/vnd.apache.parquet": string;
                    };
                };
                /** @description what ClickHouse says against the statement */
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
                /** @description neither owner, admin nor editor, a token without scope `sql` or for some packages only, or asked by another site's page */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description ClickHouse is a server of the operator's own */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description the body is too large */
                413: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description the body is not sent as JSON */
                415: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description too many requests from one network; `Retry-After` says when to ask again */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description ClickHouse is not reachable, not ready or busy, or two statements are running; `Retry-After` says when to ask again */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description ClickHouse did not answer */
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
    "/api/v2/sql/schema": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Show what statements may read. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description tables and columns */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["SqlSchema"];
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
                /** @description neither owner, admin nor editor, or a token without scope `sql` or for some packages only */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description ClickHouse is a server of the operator's own */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description too many requests from one network; `Retry-After` says when to ask again */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description ClickHouse is not reachable, not ready or busy */
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
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v2/stages": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The rules about stages that are in force. They hold for all history: nothing about stages is stored. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description in their order */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Stages"];
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
                /** @description too many requests from one network; `Retry-After` says when to ask again */
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
        put?: never;
        post?: never;
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
                /** @description too many requests from one network; `Retry-After` says when to ask again */
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
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v2/tokens": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Tokens that work: one's own, or, for owners and admins, all. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description by user and name */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Tokens"];
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
                /** @description asked with a token */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description too many requests from one network; `Retry-After` says when to ask again */
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
        put?: never;
        /** Make a token of one's own. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["NewToken"];
                };
            };
            responses: {
                /** @description works from now on */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["TokenText"];
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
                /** @description not signed in */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description asked by another site's page, or with a token */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description the body is too large */
                413: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description the body is not sent as JSON */
                415: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description a token that cannot be */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description too many requests from one network; `Retry-After` says when to ask again */
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
    "/api/v2/tokens/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Revoke a token: one's own, or, for owners and admins, anybody's. */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description as listed */
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description worth nothing from now on */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
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
                /** @description asked by another site's page, or with a token */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description there is no such token, or it is somebody else's */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description too many requests from one network; `Retry-After` says when to ask again */
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
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v2/users": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Everybody with an account. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description by name */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Users"];
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
                /** @description neither owner nor admin */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description too many requests from one network; `Retry-After` says when to ask again */
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
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v2/users/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Give somebody another role. */
        put: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description as listed */
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["NewRole"];
                };
            };
            responses: {
                /** @description from their next request on */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["User"];
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
                /** @description not signed in */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description neither owner nor admin, or about an owner and no owner */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description there is nobody of that id */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description the last owner stays one */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description the body is too large */
                413: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description the body is not sent as JSON */
                415: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description a guest without packages, or somebody else with some */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description too many requests from one network; `Retry-After` says when to ask again */
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
        post?: never;
        /** Remove somebody, with their sessions and tokens. */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description as listed */
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description gone */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
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
                /** @description neither owner nor admin, or about an owner and no owner */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description there is nobody of that id */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description the last owner stays */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description too many requests from one network; `Retry-After` says when to ask again */
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
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v2/users/{id}/reset": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Make a link by which somebody chooses a new password. Using it turns their second factor off. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description as listed */
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description works once, for a day; it is not shown again */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["NewLink"];
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
                /** @description neither owner nor admin, or about an owner and no owner */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description there is nobody of that id */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description too many requests from one network; `Retry-After` says when to ask again */
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
                /** @description too many requests from one network; `Retry-After` says when to ask again */
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
                /** @description too many requests from one network; `Retry-After` says when to ask again */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
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
    "/v2/packages/{owner}/{package}/import": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Imports NDJSON of Scarf's dialect as events of one package: `OWNER/PACKAGE`, `PACKAGE`, or what a site of that id counts for. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description first part of the package's name */
                    owner: string;
                    /** @description the rest of it, a package's whole name, or the id of a `[[site]]` */
                    package: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/octet-stream": string;
                };
            };
            responses: {
                /** @description read to the end; every refused line is in the log */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ScarfImport"];
                    };
                };
                /** @description the body breaks off or is damaged */
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
                /** @description a role or a token that may not import */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description no such package, or none that the token may see */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description it decompresses to too much; what came before is in */
                413: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description another import is under way */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description too many requests from one network; `Retry-After` says when to ask again */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description ClickHouse does not take it */
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
    "/v2/tracking-pixels/{owner}/{pixel}/import": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Imports NDJSON of Scarf's dialect as views of one pixel. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description whatever Scarf calls the owner */
                    owner: string;
                    /** @description the id of a `[[pixel]]` or a `[[site]]` */
                    pixel: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/octet-stream": string;
                };
            };
            responses: {
                /** @description read to the end; every refused line is in the log */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ScarfImport"];
                    };
                };
                /** @description the body breaks off or is damaged */
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
                /** @description a role or a token that may not import */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description no such pixel, or one of a package that the token may not see */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description it decompresses to too much; what came before is in */
                413: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description another import is under way */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description too many requests from one network; `Retry-After` says when to ask again */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description ClickHouse does not take it */
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
    "/v2/{owner}/import": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Imports NDJSON of Scarf's dialect whose lines name their packages, as they are called here. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description whatever Scarf calls the owner */
                    owner: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/octet-stream": string;
                };
            };
            responses: {
                /** @description read to the end; every refused line is in the log */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ScarfImport"];
                    };
                };
                /** @description the body breaks off or is damaged */
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
                /** @description a role or a token that may not import, or that may see some packages only */
                403: {
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
                /** @description it decompresses to too much; what came before is in */
                413: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description another import is under way */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description too many requests from one network; `Retry-After` says when to ask again */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorBody"];
                    };
                };
                /** @description ClickHouse does not take it */
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
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** @description The use of a link. */
        Acceptance: {
            /** @description What stands behind the `#`. */
            secret: string;
            /** @description Name to sign in by, 1 to 64 bytes; ignored where the link changes a password. */
            name?: string;
            /**
             * Format: password
             * @description At least 12 characters.
             */
            password: string;
        };
        /**
         * @description Something worth remembering.
         * @enum {string}
         */
        Action: "set_up" | "signed_in" | "invited" | "withdrew" | "user_added" | "role_changed" | "user_removed" | "reset_asked" | "password_changed" | "sessions_ended" | "second_factor_on" | "second_factor_off" | "recovery_code_used" | "token_made" | "token_revoked" | "release_announced" | "identity_linked" | "shut_out" | "match_refused" | "match_renamed" | "correction_undone";
        /** @description A release as it is marked. */
        AnnouncedRelease: {
            /** @description Package name. */
            package: string;
            /** @description As published. */
            version: string;
            /**
             * Format: date-time
             * @description When it came out.
             */
            at: string;
            /** @description Where to read about it; may be empty. */
            url: string;
            /** @description What it brings, in words; may be empty. */
            notes: string;
        };
        /** @description The answer to a question. */
        Answer: {
            /** @description The rows asked for. */
            results: components["schemas"]["Row"][];
            /** @description What goes with them. */
            meta: components["schemas"]["Meta"];
            /** @description The question as understood: absolute times, defaults, time zone, and the table that answered. */
            query: Record<string, never>;
        };
        /** @description A rule about audiences. */
        AudienceRule: {
            /** @description Its name, which events keep. */
            rule: string;
            /** @description people, ci, mirror, updater, bot, proxy, unknown. */
            audience: string;
        };
        /** @description One line of the log. */
        AuditLine: {
            /**
             * Format: date-time
             * @description When.
             */
            at: string;
            /** @description Who, by the name at the time. */
            name: string;
            /** @description What. */
            action: components["schemas"]["Action"];
            /** @description Whom or what it was done to. */
            object: string;
        };
        /** @description The log. */
        AuditLog: {
            /** @description Newest first, at most 100. */
            lines: components["schemas"]["AuditLine"][];
        };
        /** @description Something that was looked at. */
        Check: {
            /** @description What was looked at. */
            what: components["schemas"]["Checked"];
            /** @description Of which domain, or of which upstream's host. */
            of: string;
            /** @description How it went. */
            outcome: components["schemas"]["Outcome"];
            /** @description What was found, in the words of whoever answered: a status, an error. */
            found: string;
        };
        /**
         * @description What is looked at.
         * @enum {string}
         */
        Checked: "route" | "dns" | "gateway" | "certificate" | "upstream";
        /** @description What was looked at. */
        Checks: {
            /** @description In the order in which a download comes by. */
            checks: components["schemas"]["Check"][];
        };
        /** @description The code of the second factor. */
        Code: {
            /** @description Six digits of the second factor, or a recovery code. */
            code: string;
        };
        /** @description Organisations whose first download was in one month. */
        Cohort: {
            /**
             * Format: date
             * @description First day of the month.
             */
            month: string;
            /**
             * @description How many of them downloaded in that month (all of them did), the next, and so on to the running one, which
             *     is not over.
             */
            organisations: number[];
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
        /** @description What was copied. */
        Copied: {
            /** @description Most copied first; at most 100. */
            commands: components["schemas"]["CopiedCommand"][];
        };
        /** @description A command that was copied from the docs. */
        CopiedCommand: {
            /** @description The command. */
            command: string;
            /**
             * Format: int64
             * @description How often it was copied.
             */
            copies: number;
            /**
             * Format: int64
             * @description How many organisations copied it.
             */
            organisations: number;
        };
        /** @description What is true of events that were matched to an organisation. */
        Correction: {
            /** @description The numbers they were stored under, as its profile has them. */
            ids: number[];
            /** @description What is done. */
            verdict: components["schemas"]["Word"];
            /** @description How they are called, for `rename`. */
            name?: string;
            /** @description Their domain, for `rename`; empty leaves what was stored. */
            domain?: string;
            /** @description business, education, government or nonprofit, for `rename`; empty leaves what was stored. */
            type?: string;
            /** @description Why, for whoever reads the list later. */
            note?: string;
        };
        /** @description What a statement cost, as ClickHouse counts it. */
        Cost: {
            /**
             * Format: int64
             * @description Rows read from the disk or its cache.
             */
            rows_read: number;
            /**
             * Format: int64
             * @description Bytes read, not compressed.
             */
            bytes_read: number;
            /**
             * Format: double
             * @description Seconds from its beginning to its end.
             */
            elapsed_s: number;
        };
        /** @description Name and password, and a code where there is a second factor. */
        Credentials: {
            /** @description Name as chosen; case does not matter. */
            name: string;
            /**
             * Format: password
             * @description Password.
             */
            password: string;
            /** @description Six digits of the second factor, or a recovery code. */
            code?: string | null;
        };
        /** @description What it did on a day. */
        DayDone: {
            /**
             * Format: date
             * @description The day.
             */
            day: string;
            /**
             * Format: int64
             * @description Pages read.
             */
            views: number;
            /**
             * Format: int64
             * @description Downloads, those of build services among them.
             */
            downloads: number;
            /**
             * Format: int64
             * @description Downloads of build services.
             */
            ci: number;
        };
        /** @description What somebody goes to the provider for. */
        Departure: {
            /** @description The path of the page to come back to; one of another site is read as `/`. */
            next?: string;
            /** @description What stands behind the `#` of a link that is to be used; null to sign in. */
            invitation?: string | null;
        };
        /** @description Where to go. */
        Destination: {
            /** @description The provider's address, for this browser and for ten minutes. */
            address: string;
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
        /** @description A day whose people were counted under several salts. */
        Epochs: {
            /** @description UTC day, `YYYY-MM-DD`. */
            day: string;
            /**
             * Format: int64
             * @description How many salts there were; a client counts once under each.
             */
            epochs: number;
        };
        /** @description What went wrong, for people and by its name. */
        ErrorBody: {
            /** @description In English; a place in the request comes first where there is one (`#/metrics/1: …`). */
            error: string;
            /** @description The same for programs. */
            code: components["schemas"]["ErrorCode"];
        };
        /**
         * @description What went wrong, for programs, and for pages that say it in another language. A name stays what it is.
         * @enum {string}
         */
        ErrorCode: "internal" | "unknown_resource" | "unknown_method" | "request_too_slow" | "not_signed_in" | "unknown_token" | "not_allowed" | "not_all_packages" | "owners_only" | "other_site" | "too_many_requests" | "wrong_password" | "wrong_second_factor" | "wrong_setup_code" | "wrong_link" | "already_set_up" | "too_many_attempts" | "invalid_name" | "name_taken" | "invalid_password" | "invalid_second_factor" | "invalid_packages" | "invalid_token" | "invalid_release" | "no_password" | "last_owner" | "passwords_off" | "not_invited" | "identity_taken" | "no_provider" | "provider_down" | "accounts_down" | "invalid_question" | "invalid_parameter" | "invalid_body" | "body_too_large" | "not_json" | "no_such_package" | "no_such_organisation" | "no_such_entry" | "statement_length" | "statement_not_reading" | "statement_forbidden" | "statement_format" | "statement_refused" | "answer_too_large" | "statements_elsewhere" | "statements_busy" | "store_unreachable" | "store_not_ready" | "store_busy" | "store_too_slow" | "exports_busy" | "checks_busy" | "too_many_watching" | "corrections_off" | "correction_not_stored" | "imports_off" | "import_busy" | "too_many_imports" | "import_needs_package" | "invalid_import" | "import_damaged" | "import_too_large" | "import_not_stored";
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
            "is" | "is_not" | "contains" | "contains_not" | "matches" | "matches_not" | "before",
            "package" | "version" | "version_major" | "version_minor" | "channel" | "artifact" | "client" | "client_version" | "runtime" | "runtime_version" | "os" | "arch" | "libc" | "country" | "audience" | "kind" | "domain" | "ecosystem" | "ci_name" | "route" | "status" | "referrer_host" | "page" | "source" | "campaign" | "organisation" | "organisation_domain" | "org_type" | "confidence" | "net_type" | "registry",
            string[]
        ] | [
            "and" | "or",
            unknown[]
        ] | [
            "not",
            unknown
        ];
        /** @description A condition and what it found. */
        FoundCondition: components["schemas"]["StageCondition"] & {
            /**
             * Format: int64
             * @description Weeks, or how many; days since the last of it for none.
             */
            found: number;
        };
        /** @description How many organisations did what, each step after the one before it. */
        Funnel: {
            /**
             * Format: date
             * @description First day that is counted: single events are kept for a time, and earlier ones are gone.
             */
            from: string;
            /**
             * Format: int64
             * @description Read a page of the docs and had not downloaded before.
             */
            read: number;
            /** @description Read how to install. */
            install: components["schemas"]["FunnelStep"];
            copied?: components["schemas"]["FunnelStep"] | null;
            /** @description Downloaded. */
            downloaded: components["schemas"]["FunnelStep"];
            /** @description Downloaded again four weeks later or after that, of those whose four weeks are over. */
            stayed: components["schemas"]["Stayed"];
            /**
             * Format: int64
             * @description Read the docs and are left out above: they had downloaded before.
             */
            had_downloaded: number;
        };
        /** @description A step, and how long after the one before. */
        FunnelStep: {
            /**
             * Format: int64
             * @description How many got here.
             */
            organisations: number;
            /**
             * Format: double
             * @description Median of the days since the step before; null where nobody got here.
             */
            median_days?: number | null;
        };
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
        /** @description A link that was not used yet. */
        Invitation: {
            /** @description Names it, for taking it back. */
            id: string;
            /** @description What whoever uses it may do. */
            role: components["schemas"]["Role"];
            /** @description What they may see; null is all. */
            packages: components["schemas"]["VisiblePackages"];
            /** @description Name of whoever made it. */
            by: string;
            /**
             * Format: date-time
             * @description Until when it works.
             */
            expires: string;
        };
        /** @description Links to new accounts. */
        Invitations: {
            /** @description Those that still work, the one that ends first at the top. */
            invitations: components["schemas"]["Invitation"][];
        };
        /** @description An event in short. Empty text is "unknown". */
        LatestEvent: {
            /** @description Tells this event from all others. */
            id: string;
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
            /** @description Organisation whose network it came from, where that is known and named. */
            organisation: string;
        };
        /** @description What stands behind the `#` of a link. */
        LinkSecret: {
            /** @description 64 hexadecimal digits. */
            secret: string;
        };
        /** @description How busy it is. */
        LiveCounts: {
            /**
             * Format: date-time
             * @description When this was so.
             */
            as_of: string;
            /**
             * Format: int64
             * @description Distinct people within the last five minutes, the running one included. Of several packages, each has its own.
             */
            people: number;
            /** @description The last 30 minutes, oldest first; the last one still runs. */
            minutes: components["schemas"]["LiveMinute"][];
        };
        /** @description Events that arrived. */
        LiveEvents: {
            /** @description Newest first. Of a package that is very busy, only some. */
            events: components["schemas"]["LatestEvent"][];
            /** @description Whether they take the place of all that came before. */
            first: boolean;
        };
        /** @description What holds for the whole stream. */
        LiveHello: {
            /**
             * Format: int64
             * @description Seconds from one event to the next in the middle one of the last week's hours; absent where most have none.
             */
            usual_gap_s?: number | null;
        };
        /** @description The data of one message; its event says which. */
        LiveMessage: components["schemas"]["LiveHello"] | components["schemas"]["LiveEvents"] | components["schemas"]["LiveCounts"];
        /** @description A minute. */
        LiveMinute: {
            /**
             * Format: date-time
             * @description Its start.
             */
            time: string;
            /**
             * Format: int64
             * @description Distinct people.
             */
            people: number;
            /**
             * Format: int64
             * @description Downloads and docs views of every audience.
             */
            events: number;
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
            /** @description Versions that came out within the period. */
            releases?: components["schemas"]["Release"][];
            /** @description The statements that answered, in the order in which they began. */
            explain?: components["schemas"]["Statement"][];
            /**
             * @description UTC days of the last week whose people are approximate: a restart, or gateways that share no salt,
             *     made one client several.
             */
            epochs?: components["schemas"]["Epochs"][];
            /** @description Whether days are missing that were asked for; the warnings say which. */
            incomplete?: boolean;
            /** @description What the numbers leave out. */
            warnings?: string[];
        };
        /** @description What to look at. */
        NewCheck: {
            /** @description Package name. */
            package: string;
        };
        /** @description Whom a link is for. */
        NewInvitation: {
            /** @description What they may do. */
            role: components["schemas"]["Role"];
            /** @description What a guest may see; null for everybody else. */
            packages?: components["schemas"]["VisiblePackages"];
        };
        /** @description A link to send to somebody. */
        NewLink: {
            /** @description Path on this site, with the secret behind `#`. It is not shown again. */
            path: string;
            /**
             * Format: date-time
             * @description Until when it works.
             */
            expires: string;
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
        /** @description Another password. */
        NewPassword: {
            /**
             * Format: password
             * @description The one until now.
             */
            old: string;
            /**
             * Format: password
             * @description At least 12 characters.
             */
            new: string;
        };
        /** @description A release to be marked. */
        NewRelease: {
            /** @description Package name. */
            package: string;
            /** @description As published, such as `1.2.0`. */
            version: string;
            /**
             * Format: date-time
             * @description When it came out; now unless given.
             */
            at?: string;
            /** @description Where to read about it. */
            url?: string;
            /** @description What it brings, in words. */
            notes?: string;
        };
        /** @description What somebody may do from now on. */
        NewRole: {
            /** @description What they may do. */
            role: components["schemas"]["Role"];
            /** @description What a guest may see; null for everybody else. */
            packages?: components["schemas"]["VisiblePackages"];
        };
        /** @description Proof that codes can be made. */
        NewSecondFactor: {
            /**
             * Format: password
             * @description One's password.
             */
            password: string;
            /** @description As it was proposed. */
            secret: string;
            /** @description The code that the app shows now. */
            code: string;
        };
        /** @description A token to be made. */
        NewToken: {
            /** @description What it is for, in words. */
            name: string;
            /** @description What it may do, as far as its user may. */
            scopes: components["schemas"]["Scope"][];
            /** @description What it may see; null is all that its user may. */
            packages?: components["schemas"]["VisiblePackages"];
            /**
             * Format: int32
             * @description How many days it works.
             */
            days: number;
        };
        /** @description What a link offers. */
        Offer: {
            /** @description What whoever uses it may do. */
            role: components["schemas"]["Role"];
            /** @description What they may see; null is all. */
            packages: components["schemas"]["VisiblePackages"];
            /** @description Whose password it changes; null where it makes an account. */
            name?: string | null;
        };
        /** @description How the program runs. What stands here is in the configuration file and is changed there. */
        Operation: {
            /** @description Version of the program. */
            version: string;
            /** @description The folder with all state. */
            data_dir: string;
            /**
             * Format: int64
             * @description Bytes that are free where it is, where the system tells.
             */
            free_bytes?: number | null;
            /**
             * Format: int32
             * @description Days that single events are kept for.
             */
            event_days: number;
            /**
             * Format: int32
             * @description Months that what is counted from them is kept for.
             */
            count_months: number;
            /**
             * Format: int64
             * @description Most bytes that events may wait in.
             */
            spool_bytes: number;
            /** @description Where ClickHouse is: its address, or nothing where the program runs it itself. */
            clickhouse?: string | null;
            /** @description The cluster that the tables are spread over. */
            cluster?: string | null;
            /** @description Addresses that tell those who are counted what is kept of them, one a domain. */
            statements: string[];
            /** @description Whether data about networks is fetched anew by itself. */
            place_updates: boolean;
            /** @description Files of the operator's own rules about clients. */
            rule_files: string[];
            /** @description Rules about audiences in the order they are asked; the first that holds decides. */
            rules: components["schemas"]["AudienceRule"][];
            /** @description Clients of the last week that no rule knows, most requests first. */
            unknown_clients: components["schemas"]["UnknownClient"][];
            /** @description What leaves by the clock. */
            exports: components["schemas"]["ScheduledExport"][];
            /** @description Packages whose downloads by week everybody may know. */
            public: string[];
        };
        /** @description An organisation, as the operator corrected it. */
        Organisation: {
            /** @description What tells it apart: its domain, or its name where it has none. */
            key: string;
            /** @description Its name. */
            name: string;
            /** @description Its domain; may be empty. */
            domain: string;
            /** @description business, education, government, nonprofit. */
            type: string;
            /**
             * Format: int64
             * @description How sure the match is, in percent.
             */
            confidence: number;
            status?: components["schemas"]["Standing"] | null;
            stage?: components["schemas"]["Stage"] | null;
            /** @description Why, in a sentence. */
            because: string;
            /**
             * Format: int64
             * @description Downloads of the period.
             */
            downloads: number;
            /**
             * Format: int64
             * @description Those of build services among them.
             */
            ci: number;
            /**
             * Format: int64
             * @description Pages read in the period.
             */
            views: number;
            /** @description Version of its last download. */
            latest_version: string;
            /**
             * Format: int64
             * @description How many packages it uses.
             */
            packages: number;
            /**
             * Format: date
             * @description First day of a download or a page, as far back as rollups reach.
             */
            first_seen: string;
            /**
             * Format: date
             * @description Last day.
             */
            last_seen: string;
        };
        /** @description A page of organisations. */
        OrganisationPage: {
            /** @description Those of the page. */
            organisations: components["schemas"]["Organisation"][];
            /** @description How many there are on all pages. */
            total: number;
            /** @description How those stand that fit everything but `status`; who did nothing for 56 days is none of them. */
            status: components["schemas"]["Standings"];
            /**
             * Format: date
             * @description First day of the period.
             */
            from: string;
            /**
             * Format: date
             * @description Its last day.
             */
            to: string;
            /** @description Whether there are more organisations than are looked through. */
            incomplete: boolean;
        };
        /** @description One organisation, with all that is known of it. */
        OrganisationProfile: {
            /** @description Who it is, and what it did in the last 28 days. */
            organisation: components["schemas"]["Organisation"];
            /** @description Codes of what the match rests on, in words of docs/organisations.md. */
            evidence: string;
            /** @description The numbers that its events were stored under, which corrections name. */
            ids: number[];
            reason?: components["schemas"]["StageReason"] | null;
            /** @description UTC days on which it did something, earliest first. */
            days: components["schemas"]["DayDone"][];
            /** @description Its stages over time as today's rules have them, without gaps until today. */
            stages: components["schemas"]["StageSpan"][];
            /** @description Pages that it read within 90 days of its first day, in that order; at most 200. */
            pages: components["schemas"]["PageOfOrganisation"][];
            /** @description Packages that it uses, most downloads first, of those that whoever asks may see. */
            packages: components["schemas"]["PackageUsed"][];
        };
        /**
         * @description How a check went.
         * @enum {string}
         */
        Outcome: "good" | "bad" | "unsure";
        /** @description A browser that is signed in. */
        OwnSession: {
            /** @description Names it, for ending it. */
            id: string;
            /**
             * Format: date-time
             * @description When it began.
             */
            since: string;
            /**
             * Format: date-time
             * @description Its last request, to the minute.
             */
            used: string;
            /** @description Whether it is the one that asks. */
            this: boolean;
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
        /** @description A package that it uses. */
        PackageUsed: {
            /** @description Its name. */
            package: string;
            /**
             * Format: int64
             * @description Downloads, those of build services among them.
             */
            downloads: number;
            /**
             * Format: int64
             * @description Downloads of build services.
             */
            ci: number;
            /**
             * Format: int64
             * @description Pages read.
             */
            views: number;
            /**
             * Format: date
             * @description First day.
             */
            first_seen: string;
            /**
             * Format: date
             * @description Last day.
             */
            last_seen: string;
        };
        /** @description All packages. */
        Packages: {
            /** @description Most downloads first. */
            packages: components["schemas"]["Package"][];
        };
        /** @description A page that it read. */
        PageOfOrganisation: {
            /** @description Path or address. */
            page: string;
            /**
             * Format: date
             * @description First day.
             */
            first_day: string;
            /**
             * Format: date
             * @description Last day.
             */
            last_day: string;
        };
        /** @description A page, and who read it. */
        PageRead: {
            /** @description Path of the page. */
            page: string;
            /**
             * Format: int64
             * @description Organisations that read it in these days.
             */
            organisations: number;
            /**
             * Format: int64
             * @description Of `adopters_who_read` those that had read it by the day of their first download; null where they are few.
             */
            before_adoption?: number | null;
        };
        /** @description Proof of who asks. */
        PasswordProof: {
            /**
             * Format: password
             * @description One's password.
             */
            password: string;
        };
        /** @description A QR code. */
        Picture: {
            /** @description Width and height, with the empty frame that readers need. */
            size: number;
            /** @description The dark modules, as an SVG path. */
            path: string;
        };
        /** @description A source of data about networks and their places. */
        PlaceData: {
            /** @description What it is called. */
            name: string;
            /** @description Its licence; empty where unknown. */
            licence: string;
            /** @description What has to be shown wherever its data is; empty for nothing. */
            attribution: string;
            /** @description Where that has to lead; empty for nowhere. */
            link: string;
            /**
             * Format: date-time
             * @description When the data was made or else fetched.
             */
            made?: string | null;
        };
        /** @description The program. */
        Product: {
            /** @description Release, such as `0.1.0`. */
            version: string;
        };
        /** @description What an app needs to make codes. */
        Proposal: {
            /** @description In base 32, to be typed. */
            secret: string;
            /** @description The same as an address that apps know. */
            uri: string;
            /** @description The same as a QR code. */
            qr: components["schemas"]["Picture"];
        };
        /** @description A part of a week that ten visitors or more had. */
        PublicCell: {
            /** @description Its value; empty where it is not known. */
            value: string;
            /** Format: int64 */
            downloads: number;
        };
        /** @description A week. Numbers below 1,000 have two digits that say something. */
        PublicWeek: {
            /**
             * @description As ISO 8601 writes it.
             * @example 2026-W47
             */
            week: string;
            /**
             * Format: date
             * @description Its Monday (UTC).
             */
            first_day: string;
            /**
             * Format: int64
             * @description All downloads; null where fewer than ten visitors had any.
             */
            downloads?: number | null;
            /** @description Most downloads first, twenty at most. */
            cells: components["schemas"]["PublicCell"][];
            /**
             * Format: int64
             * @description Downloads of everything that is not named; null where everything is.
             */
            other?: number | null;
        };
        /** @description Downloads of a package by week. */
        PublicWeeks: {
            /** @description Name of the package. */
            package: string;
            /** @description What weeks are split by. */
            by: components["schemas"]["Split"];
            /** @description Weeks that were counted from their first day to their last, the latest last; half a year at most. */
            weeks: components["schemas"]["PublicWeek"][];
        };
        /** Weir query */
        Question: {
            /** @description package name, or "*" for all */
            site_id: string;
            /** @description downloads: answered requests for artifacts, without repeats of the same client within a minute (within ten where the client names its run); clients of one sort behind one address are one. requests: the same with repeats, so that many machines behind one address show. events: everything recorded. imported: what registries counted by rules of their own; stands alone. */
            metrics: ("downloads" | "requests" | "events" | "people" | "checks" | "hub_pulls" | "views" | "versions" | "organisations" | "bytes" | "imported")[];
            date_range: ("24h" | "day" | "7d" | "28d" | "91d" | "6mo" | "12mo" | "month" | "year" | "all") | string[];
            dimensions?: ("time:hour" | "time:day" | "time:week" | "time:month" | "package" | "version" | "version_major" | "version_minor" | "channel" | "artifact" | "client" | "client_version" | "runtime" | "runtime_version" | "os" | "arch" | "libc" | "country" | "audience" | "kind" | "domain" | "ecosystem" | "ci_name" | "route" | "status" | "referrer_host" | "page" | "source" | "campaign" | "organisation" | "organisation_domain" | "org_type" | "confidence" | "net_type" | "registry")[];
            filters?: components["schemas"]["Filter"][];
            order_by?: [
                string,
                "asc" | "desc"
            ][];
            include?: {
                time_labels?: boolean;
                total_rows?: boolean;
                compare?: ("previous_period" | "year_over_year") | string[];
                /** @description move the comparison by whole weeks, so that days of the week stand side by side; over months it changes nothing */
                match_day_of_week?: boolean;
                releases?: boolean;
                /** @description the statements that answered, with their parameters and what they cost */
                explain?: boolean;
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
        /** @description What organisations read. */
        Reading: {
            /**
             * Format: int64
             * @description Organisations that read a page in these days.
             */
            readers: number;
            /**
             * Format: int64
             * @description Organisations whose first download was in these days.
             */
            adopters: number;
            /**
             * Format: int64
             * @description Those among them that had read a page by the day of it.
             */
            adopters_who_read: number;
            /**
             * Format: int64
             * @description Below so many organisations a page's `before_adoption` is not told.
             */
            floor: number;
            /** @description Most read first; at most 200. */
            pages: components["schemas"]["PageRead"][];
        };
        /** @description What stands in for a lost second factor. */
        RecoveryCodes: {
            /** @description Each signs in once. They are not shown again. */
            recovery_codes: string[];
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
        /** @description A version and the day it came out. */
        Release: {
            /** @description As published. */
            version: string;
            /** @description UTC day, `YYYY-MM-DD`: the one that was announced, or else that of the first download. */
            first_seen: string;
            /** @description Where to read about it, as announced. */
            url?: string;
            /** @description What it brings, as announced. */
            notes?: string;
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
        /** @description Organisations by the month (UTC) of their first download. */
        Retention: {
            /**
             * Format: date
             * @description First day that anything is known of; null where nothing is. Who came before it counts as come in its month.
             */
            since?: string | null;
            /** @description Oldest first, without months that nobody came in. */
            cohorts: components["schemas"]["Cohort"][];
        };
        /**
         * @description What somebody is here.
         * @enum {string}
         */
        Role: "owner" | "admin" | "editor" | "viewer" | "guest";
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
        /** @description How often a rule decided. */
        RuleHit: {
            /** @description Its name; `none` where no rule held. */
            rule: string;
            /**
             * Format: int64
             * @description Events of the last seven days.
             */
            events: number;
        };
        /** @description Rules that decided. */
        RuleHits: {
            /** @description Most events first. */
            rules: components["schemas"]["RuleHit"][];
        };
        /** @description A finished import, in Scarf's words. */
        ScarfImport: {
            /** @description Names nothing that could be asked for. */
            id: string;
            owner: string;
            /** @description Always `done`. */
            status: string;
            /**
             * Format: int64
             * @description Lines read.
             */
            events_total: number;
            /**
             * Format: int64
             * @description Lines whose events are in, now or since before.
             */
            events_successfully_imported: number;
            /**
             * Format: int64
             * @description Lines refused.
             */
            events_failed_to_import: number;
            /** @description The first thousand of those. */
            error_log_sample: components["schemas"]["ScarfImportLog"][];
            /** @description What went otherwise than a sender may think. */
            warning_log_sample: components["schemas"]["ScarfImportLog"][];
            /** @description When the import began, in ISO 8601. */
            created_at: string;
            /** @description When it ended, in ISO 8601. */
            updated_at: string;
        };
        /** @description A line of a job's log. */
        ScarfImportLog: {
            /** @description `failed-to-decode` or `progress`. */
            type: string;
            /** @description `error` or `warning`. */
            class: string;
            /**
             * Format: int64
             * @description Number of the line that it is about, from 1.
             */
            line?: number | null;
            human_friendly_message: string;
        };
        /** @description An export by the clock. */
        ScheduledExport: {
            /** @description Names the files. */
            name: string;
            /** @description hour, day or month. */
            every: string;
            /** @description The folder, or the bucket's address. */
            to: string;
            /**
             * Format: date-time
             * @description Up to when it is done.
             */
            done_until?: string | null;
        };
        /**
         * @description What a token is for. It never lets its user do more than the user may.
         * @enum {string}
         */
        Scope: "read" | "export" | "import" | "releases:write" | "sql" | "admin";
        /** @description What makes a package's numbers good. */
        Scorecard: {
            /** @description In the order in which one does it. */
            steps: components["schemas"]["ScorecardStep"][];
        };
        /** @description Something worth doing. */
        ScorecardStep: {
            /** @description What. */
            step: components["schemas"]["Worth"];
            /** @description Whether it is done. */
            done: boolean;
        };
        /** @description The session as the page sees it. */
        Session: {
            /** @description What the page can do. */
            state: components["schemas"]["SessionState"];
            user?: components["schemas"]["SessionUser"] | null;
            /** @description How somebody can sign in. */
            ways: components["schemas"]["Ways"];
            /** @description What is running. */
            product: components["schemas"]["Product"];
        };
        /**
         * @description What the page can do.
         * @enum {string}
         */
        SessionState: "setup" | "signed_out" | "second_factor" | "signed_in";
        /** @description Who is signed in. */
        SessionUser: {
            /** @description As chosen. */
            name: string;
            /** @description What they may do. */
            role: components["schemas"]["Role"];
            /** @description What they may see; null is all. */
            packages: components["schemas"]["VisiblePackages"];
            /** @description Whether signing in takes a second factor. */
            second_factor: boolean;
        };
        /** @description One's living sessions. */
        Sessions: {
            /** @description The one last used first. */
            sessions: components["schemas"]["OwnSession"][];
        };
        /**
         * @description What a week may be split by.
         * @enum {string}
         */
        Split: "country" | "version" | "client" | "platform";
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
        /** @description The answer to a statement. */
        SqlAnswer: {
            /** @description In the order of the cells of a row. */
            columns: components["schemas"]["SqlColumn"][];
            /** @description Cells by row. */
            rows: unknown[][];
            /** @description Whether there are more rows, which were left out. */
            truncated: boolean;
            cost: components["schemas"]["Cost"];
        };
        /** @description A column of an answer or a table. */
        SqlColumn: {
            name: string;
            /** @description As ClickHouse names it. */
            type: string;
        };
        /**
         * @description How rows are written.
         * @enum {string}
         */
        SqlFormat: "json" | "csv" | "parquet";
        /** @description A statement to run. */
        SqlRequest: {
            /** @description One statement that reads, in ClickHouse's dialect, without `FORMAT` and `SETTINGS`. */
            sql: string;
            format?: components["schemas"]["SqlFormat"];
        };
        /** @description What statements may read. */
        SqlSchema: {
            tables: components["schemas"]["SqlTable"][];
        };
        /** @description A table that statements may read. */
        SqlTable: {
            name: string;
            columns: components["schemas"]["SqlColumn"][];
        };
        /**
         * @description How far it has come; rules say when.
         * @enum {string}
         */
        Stage: "interest" | "investigation" | "experimentation" | "ongoing_use" | "inactive";
        /** @description A condition over the days before one. */
        StageCondition: {
            /** @description anything, views, downloads (all of them), ci (those of build services). */
            what: string;
            /** @description weeks: so many of the last weeks have some; sum: so many in the last days; none: none in the last days. */
            measure: string;
            /**
             * Format: int32
             * @description So many weeks, or so many of it; 0 for none.
             */
            least: number;
            /**
             * Format: int32
             * @description Weeks or days that are looked at.
             */
            window: number;
        };
        /** @description Why an organisation is at its stage. */
        StageReason: {
            /** @description Position of the rule among those of `/stages`, from 0. */
            rule: number;
            /** @description Why, in a sentence. */
            sentence: string;
            /** @description What its conditions found. */
            found: components["schemas"]["FoundCondition"][];
        };
        /** @description A rule about a stage. */
        StageRule: {
            /** @description The stage that it gives. */
            stage: components["schemas"]["Stage"];
            /** @description The rule in a sentence. */
            sentence: string;
            /** @description Its conditions. */
            when: components["schemas"]["StageCondition"][];
        };
        /** @description Days in a row at one stage. */
        StageSpan: {
            stage?: components["schemas"]["Stage"] | null;
            /**
             * Format: date
             * @description First day.
             */
            first: string;
            /**
             * Format: date
             * @description Last day.
             */
            last: string;
        };
        /** @description Rules about stages. */
        Stages: {
            /** @description In their order; the first of which all conditions hold decides. */
            rules: components["schemas"]["StageRule"][];
            /** @description Whether they are the operator's own. */
            own: boolean;
        };
        /**
         * @description How the last 28 days compare with the 28 before them.
         * @enum {string}
         */
        Standing: "new" | "growing" | "steady" | "quiet";
        /** @description How many organisations stand how. */
        Standings: {
            /** @description Seen for the first time. */
            new: number;
            /** @description Doing more. */
            growing: number;
            /** @description Doing about as much. */
            steady: number;
            /** @description Doing less, or nothing. */
            quiet: number;
        };
        /** @description A statement that ran for an answer. */
        Statement: components["schemas"]["Cost"] & {
            /** @description The table that it reads. */
            table: string;
            /** @description Its text, with server-side parameters such as `{from:Date}`. */
            sql: string;
            /** @description Their values by name. */
            parameters: {
                [key: string]: unknown;
            };
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
            /**
             * Format: int64
             * @description How often the store of salts gave none since the start: people are approximate for that time.
             */
            salt_failures: number;
            /**
             * Format: int32
             * @description Requests since midnight (UTC) whose sender asked not to be counted; nothing else is known of them.
             */
            opted_out_today: number;
            /** @description Documents of upstreams since the start. */
            documents: components["schemas"]["DocumentStatus"];
            /** @description Data about networks that is in use, which the page has to credit. */
            place_data: components["schemas"]["PlaceData"][];
            /**
             * Format: date-time
             * @description Everything up to this time is stored and counted.
             */
            stored_until?: string | null;
        };
        /** @description Who is still here. */
        Stayed: {
            /**
             * Format: int64
             * @description How many are.
             */
            organisations: number;
            /**
             * Format: int64
             * @description How many could be: their four weeks are over.
             */
            of: number;
        };
        /** @description A token without its text. */
        Token: {
            /** @description Names it, for revoking. */
            id: string;
            /** @description Name of its user. */
            user: string;
            /** @description What it is for. */
            name: string;
            /** @description What it may do, as far as its user may. */
            scopes: components["schemas"]["Scope"][];
            /** @description What it may see, as far as its user may; null is all of that. */
            packages: components["schemas"]["VisiblePackages"];
            /**
             * Format: date-time
             * @description Until when it works.
             */
            expires: string;
            /**
             * Format: date
             * @description UTC day of its last use; null before the first.
             */
            used?: string | null;
        };
        /** @description A new token. */
        TokenText: {
            /** @description To be sent as `Authorization: Bearer …`. It is not shown again. */
            token: string;
        };
        /** @description Tokens that work. */
        Tokens: {
            /** @description By user and name. */
            tokens: components["schemas"]["Token"][];
        };
        /** @description What registries counted. */
        Totals: {
            /** @description By source, package and day; at most 50,000. */
            totals: components["schemas"]["ImportedTotal"][];
        };
        /** @description A client that no rule knows. */
        UnknownClient: {
            /** @description What it calls itself, shortened and scrubbed. */
            name: string;
            /**
             * Format: int64
             * @description Requests within the last week.
             */
            requests: number;
        };
        /** @description Somebody with an account. */
        User: {
            /** @description Never changes. */
            id: string;
            /** @description As chosen. */
            name: string;
            /** @description What they may do. */
            role: components["schemas"]["Role"];
            /** @description What they may see; null is all. */
            packages: components["schemas"]["VisiblePackages"];
            /** @description Whether signing in takes a second factor. */
            second_factor: boolean;
            /** @description Whether it is who asks. */
            this: boolean;
        };
        /** @description Everybody. */
        Users: {
            /** @description By name. */
            users: components["schemas"]["User"][];
        };
        /** @description All packages, or some by name. In JSON `null` is all. */
        VisiblePackages: string[] | null;
        /** @description How somebody can sign in. */
        Ways: {
            /** @description By name and password. */
            password: boolean;
            /** @description Through a provider, which is called so: `POST /oidc` says where to go. */
            provider?: string | null;
        };
        /**
         * @description What is done with them.
         * @enum {string}
         */
        Word: "wrong" | "rename" | "undo";
        /**
         * @description What is worth doing.
         * @enum {string}
         */
        Worth: "domain" | "download" | "release" | "docs" | "readme" | "audience" | "places" | "owner";
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export type operations = Record<string, never>;
