/// Whether an alert is open or resolved.
package enum AlertState: String, Sendable, Codable, CaseIterable {
  case firing, resolved
}
