/// The files of the dashboard, embedded in the program.
package enum DashboardAssets {
  /// Every file, the page first.
  package static let all: [DashboardAsset] = EmbeddedAssets.all.map(DashboardAsset.init)
    .sorted { $0.path < $1.path }

  /// The files by path.
  package static let byPath: [String: DashboardAsset] = Dictionary(
    all.map { ($0.path, $0) }, uniquingKeysWith: { first, _ in first })

  /// The policy that the page works under; the server sends it with each answer.
  package static let contentSecurityPolicy = [
    "default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self' data:",
    "connect-src 'self'", "font-src 'self'", "base-uri 'none'", "form-action 'self'",
    "frame-ancestors 'none'",
  ].joined(separator: "; ")
}
