internal import Foundation

/// Where the running program is.
package enum ProgramPath {
  /// The path of the running program, with which it can start itself again.
  package static let own =
    (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"))
    ?? CommandLine.arguments[0]
}
