/// How the tool reaches the database; never with a password, which each tool asks for and keeps.
package struct KitSource: Sendable, Equatable {
  package let host: String
  package let port: Int
  package let user: String
  package let database: String

  /// Describes a source.
  package init(host: String, port: Int, user: String, database: String) {
    self.host = host
    self.port = port
    self.user = user
    self.database = database
  }
}
