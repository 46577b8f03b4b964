/// How a channel delivers.
package enum ChannelKind: String, Sendable, CaseIterable {
  /// A signed POST of the JSON that Alertmanager sends to its webhooks (version 4).
  case webhook
  /// A POST to `/api/v2/alerts` of an Alertmanager.
  case alertmanager
  /// A POST to an incoming webhook of Slack.
  case slack
  /// An event to PagerDuty's Events API v2.
  case pagerduty
  /// A message over SMTP.
  case email
  /// A line of JSON at the end of a file.
  case log
}
