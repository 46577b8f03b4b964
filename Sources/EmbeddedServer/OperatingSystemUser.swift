internal import Foundation

/// The account of the operating system under which this process runs.
enum OperatingSystemUser {
  /// The name of the account.
  ///
  /// - Throws: ``EmbeddedServerError`` when the user id has no name, which the server's socket
  ///   authentication needs.
  static func name() throws(EmbeddedServerError) -> String {
    var entry = passwd()
    var buffer = [CChar](repeating: 0, count: 16 << 10)
    var found: UnsafeMutablePointer<passwd>?
    guard getpwuid_r(geteuid(), &entry, &buffer, buffer.count, &found) == 0, found != nil,
      let name = entry.pw_name
    else {
      throw EmbeddedServerError(
        code: .directoryUnusable, message: "the user number \(geteuid()) has no name",
        hint: "add the user to /etc/passwd")
    }
    return String(cString: name)
  }
}
