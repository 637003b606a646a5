package exchange

import "opsdeck/model"

// trackerPresets read queues of tickets, bugs and wishes. The source's own words for state,
// priority and resolution are kept; finishItem makes a state of the queue out of them.
func trackerPresets() []preset {
	return []preset{zendesk(), jira(), linear(), github(), bugzilla(), fider()}
}

func zendesk() preset {
	return preset{
		source: "zendesk", kind: model.Item,
		need: []string{"id requester subject status", "id subject status requesterid", "id subject status organizationid"},
		cols: []col{
			{"Id", "key", ""},
			{"Subject", "summary", ""},
			{"Organization|organization.name", "customers", asName},
			{"organization_id", "customers", ""},
			{"Requester|requester.name", "reporter", ""},
			{"Assignee|assignee.name", "owner", ""},
			{"Tags", "tags", "spaced"},
			{"Status", "~status", ""},
			{"Priority", "priority", ""},
			{"Ticket type|Type", "kind", "item kind"},
			{"Created at", "opened", ""},
			{"Solved at", "resolved", ""},
			{"Satisfaction Score|satisfaction_rating.score", "~satisfaction", ""},
			{"First reply time in minutes", "~reply minutes", asNumber},
			{"Description", "words", ""},
			{"url", "url", ""},
		},
	}
}

func jira() preset {
	return preset{
		source: "jira", kind: model.Item, need: []string{"issuekey summary"},
		cols: []col{
			{"Issue key", "key", ""},
			{"Summary", "summary", ""},
			{"Issue Type", "kind", "item kind"},
			{"Status", "~status", ""},
			{"Status Category", "~status category", ""},
			{"Resolution", "~resolution", ""},
			{"Priority", "priority", ""},
			{"Created", "opened", ""},
			{"Resolved", "resolved", ""},
			{"Components|Component/s", "area", ""},
			{"Labels", "tags", "spaced"},
			{"Fix Version/s|Fix versions", "released_in", ""},
			{"Affects Version/s|Affects versions", "version", ""},
			{"Assignee", "owner", ""},
			{"Reporter", "reporter", ""},
			{"Description", "words", ""},
			{"Votes", "votes", ""},
			{"Organizations|Custom field (Organizations)", "customers", asName},
		},
	}
}

// linear comes in two widths; what the narrow one lacks is simply not there.
func linear() preset {
	return preset{
		source: "linear", kind: model.Item, need: []string{"id team title status creator", "id team title status slastatus"},
		cols: []col{
			{"ID", "key", ""},
			{"Title", "summary", ""},
			{"Description", "words", ""},
			{"Status", "~status", ""},
			{"Priority", "priority", ""},
			{"Creator", "reporter", ""},
			{"Assignee", "owner", ""},
			{"Labels", "tags", ""},
			{"Project", "area", ""},
			{"Created", "opened", ""},
			{"Completed", "resolved", ""},
			{"Canceled", "resolved", ""},
			{"Archived", "-", ""},
		},
	}
}

// github reads what the REST interface and the gh program write.
func github() preset {
	return preset{
		source: "github", kind: model.Item, need: []string{"number title state", "number title body"},
		cols: []col{
			{"html_url|url", "key", "issue url"},
			{"number", "key", ""},
			{"title", "summary", ""},
			{"body", "words", ""},
			{"state", "~status", ""},
			{"state_reason|stateReason", "~resolution", ""},
			{"labels[].name|labels", "tags", ""},
			{"labels[].name|labels", "~labels", ""},
			{"user.login|author.login|author", "reporter", ""},
			{"assignee.login|assignees[].login", "owner", "first"},
			{"milestone.title", "version", ""},
			{"created_at|createdAt", "opened", ""},
			{"closed_at|closedAt", "resolved", ""},
			{"reactions.total_count", "votes", ""},
			{"html_url|url", "url", ""},
			{"url", "-", ""},
		},
	}
}

func bugzilla() preset {
	return preset{
		source: "bugzilla", kind: model.Item,
		// There a bug is UNCONFIRMED first and NEW once somebody has seen it happen.
		states: map[string]string{"new": "confirmed"},
		need:   []string{"bugid summary status", "issueid summary status resolution created"},
		cols: []col{
			{"Bug ID|Issue id", "key", ""},
			{"Summary", "summary", ""},
			{"Status", "~status", ""},
			{"Resolution", "~resolution", ""},
			{"Priority", "priority", ""},
			{"Severity", "~severity", ""},
			{"Product", "area", ""},
			{"Component", "area", ""},
			{"Version", "version", ""},
			{"Assignee|Assigned To", "owner", ""},
			{"Reporter", "reporter", ""},
			{"Keywords", "tags", ""},
			{"Votes", "votes", ""},
			{"Created|Opened", "opened", ""},
			{"Resolved", "resolved", ""},
			{"Description", "words", ""},
			{"Duplicate of", "duplicate_of", ""},
		},
		set: map[string]string{"kind": "bug"},
	}
}

func fider() preset {
	return preset{
		source: "fider", kind: model.Item, need: []string{"number title votescount status"},
		cols: []col{
			{"number", "key", ""},
			{"title", "summary", ""},
			{"description", "words", ""},
			{"created_at", "opened", ""},
			{"votes_count", "votes", ""},
			{"status", "~status", ""},
			{"original_number", "duplicate_of", ""},
			{"tags", "tags", ""},
			{"user.name|created_by|user_name", "reporter", ""},
		},
		set: map[string]string{"kind": "demand"},
	}
}
