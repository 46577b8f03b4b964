import Tabular

/// The help pages that belong to no verb.
enum HelpTopic: String, CaseIterable, Sendable {
  case connection
  case exitCodes = "exit-codes"
  case output

  /// Makes the page.
  ///
  /// - Parameter help: the maker of help texts
  /// - Returns: the page
  func page(_ help: HelpText) -> String {
    switch self {
    case .connection:
      FilledText.reflowed(
        """
        Which database payops works on

        When a host, a socket or a URL is given - by option, environment, the group [payops]
        of an option file, or any group of the file of --defaults-file - that server
        is used. Otherwise payops uses its own: a private MariaDB in --data-dir (default
        .payops in the current directory), started when needed. The schema is `payops` unless
        --database names another.

        Settings are read from these sources; a later one wins:
          1. option files: groups [client] and [payops]; --defaults-file: only that file
          2. environment: PAYOPS_HOST, PAYOPS_PORT, PAYOPS_SOCKET, PAYOPS_USER,
             PAYOPS_DATABASE, PAYOPS_URL, PAYOPS_TLS, PAYOPS_TLS_CA
          3. --url
          4. the other options

        Passwords belong in an option file that only you can read, never in an argument.
        The line `read-endpoint = HOST:PORT` (or the path of a socket) in the group [payops], or
        PAYOPS_READ_ENDPOINT, names a replica that answers `payops kpi` and `payops health`.

        `payops config` prints the settings and where each came from.
        """, width: help.width) + "\n" + help.connectionOptions()
    case .exitCodes:
      "Exit codes\n\n"
        + ExitCode.allCases.map { code in
          let number = String(code.rawValue)
          return String(repeating: " ", count: 5 - number.count) + number + "  \(code.meaning)\n"
        }.joined()
    case .output:
      FilledText.reflowed(
        """
        What payops prints

        Results go to standard output, notes, progress and errors to standard error.

          table   columns for people, never wider than the terminal
          csv     RFC 4180 with a heading line. A text that a spreadsheet would take
                  for a formula gets a leading apostrophe; numbers are left alone.
                  NULL is an empty field, an empty text is "".
          json    an array of objects; numbers keep the digits that the database gave
          ndjson  one such object on a line of its own for each row

        In tables, rates are in percent, changes of rates in percentage points, amounts have
        two decimals and their currency in the heading, and – is NULL. csv, json and ndjson have
        every column, and the values as the database gave them.

        When a table does not fit the terminal, free text is cut first; … marks where.
        Dates, times, ids, names and amounts are never cut: columns that do not fit are left
        out as a whole, the less important ones first, and a note says which. Then
        --columns a,b prints these columns only, --wide every column whole, --vertical each
        value on a line of its own. The width is that of the terminal, or COLUMNS where it is
        set. Nothing is cut or left out when the output is no terminal; texts are then filled
        to 80 columns. What `payops kpi NAME` prints of a KPI is the same everywhere.

        A table without rows is not printed; a note says what is empty and why.

        Errors are `payops: error: …`, then `hint: …` where there is something to do;
        with --json one object {"error", "hint", "code", "exit_code"} on standard error.
        Colours are used on terminals unless NO_COLOR is set or --no-color given.
        Progress is shown only when standard error is a terminal.
        """, width: help.width)
    }
  }
}
