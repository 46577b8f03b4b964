/// Whether something is wrong, or was.
package enum AlertState: String, Sendable, Codable, CaseIterable {
  case firing, resolved
}
