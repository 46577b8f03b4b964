internal import CMariaDB

/// The process-wide set-up of libmariadb.
enum ClientLibrary {
  /// Whether the library could be set up; the first reader does the work, exactly once.
  ///
  /// `mysql_init` would do the same lazily, but not safely from several threads at a time.
  static let isReady: Bool = mysql_server_init(0, nil, nil) == 0
}
