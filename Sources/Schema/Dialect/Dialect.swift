package import MariaDBClient

/// The product whose SQL the schema is written in.
///
/// The files are written for MariaDB, in the part of its language that MySQL shares as far as that
/// costs nothing; ``MySQLText`` respells the rest.
package enum Dialect: String, Sendable, CaseIterable {
  case mariaDB = "mariadb"
  case mySQL = "mysql"

  /// The dialect of a server.
  package init(of version: ServerVersion) {
    self = version.isMariaDB ? .mariaDB : .mySQL
  }
}
