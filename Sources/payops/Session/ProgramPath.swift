import Foundation

/// How this program starts itself again for the work of a job.
enum ProgramPath {
  /// The path of the running program.
  static let own =
    (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"))
    ?? CommandLine.arguments[0]

  /// The command line of a verb on the same database.
  ///
  /// - Parameters:
  ///   - words: the words after `payops`
  ///   - invocation: whose connection options are handed on; none of them holds a password
  /// - Returns: path and arguments
  static func commandLine(_ words: [String], for invocation: Invocation) -> [String] {
    let options = GlobalOptions.connection.flatMap { option -> [String] in
      guard let value = invocation.values[option.name]?.last else { return [] }
      return ["--\(option.name)", value]
    }
    return [own] + words + options
  }
}
