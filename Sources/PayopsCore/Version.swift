/// The version of the program.
package enum Version {
  /// As people and other programs read it.
  package static let current = "0.1.0"
}
