package exchange

import "opsdeck/model"

// ravenstackPresets are the five tables of a subscription business. Amounts are dollars: the refunds
// say so. The yearly amount is twelve times the monthly one throughout, so it stays a custom field.
func ravenstackPresets() []preset {
	usd := map[string]string{"currency": "USD"}
	return []preset{
		{source: "ravenstack", kind: model.Customer, need: []string{"accountid accountname plantier seats churnflag"}, set: usd, cols: []col{
			{"account_id", "key", ""},
			{"account_name", "name", ""},
			{"industry", "industry", ""},
			{"country", "country", ""},
			{"signup_date", "since", ""},
			{"referral_source", "channel", ""},
			{"plan_tier", "plan", ""},
			{"seats", "seats", ""},
			{"is_trial", "trial", ""},
			{"churn_flag", "source_churned", ""},
		}},
		{source: "ravenstack", kind: model.Contract, need: []string{"subscriptionid accountid startdate mrramount"}, set: map[string]string{"currency": "USD", "per": "month"}, cols: []col{
			{"subscription_id", "key", ""},
			{"account_id", "customer", ""},
			{"start_date", "start", ""},
			{"end_date", "end", ""},
			{"plan_tier", "plan", ""},
			{"seats", "seats", ""},
			{"mrr_amount", "amount", ""},
			{"is_trial", "trial", ""},
			{"churn_flag", "churned", ""},
			{"billing_frequency", "billing", "period"},
			{"auto_renew_flag", "auto_renew", ""},
		}},
		{source: "ravenstack", kind: model.Churn, need: []string{"churneventid accountid churndate reasoncode"}, set: usd, cols: []col{
			{"churn_event_id", "key", ""},
			{"account_id", "customer", ""},
			{"churn_date", "date", ""},
			{"reason_code", "reason", ""},
			{"refund_amount_usd", "refund", ""},
			{"preceding_upgrade_flag", "after_upgrade", ""},
			{"preceding_downgrade_flag", "after_downgrade", ""},
			{"is_reactivation", "reactivation", ""},
			{"feedback_text", "feedback", ""},
		}},
		{source: "ravenstack", kind: model.Usage, need: []string{"usageid subscriptionid usagedate featurename usagecount"}, cols: []col{
			{"usage_id", "key", ""},
			{"subscription_id", "contract", ""},
			{"usage_date", "month", ""},
			{"feature_name", "feature", ""},
			{"usage_count", "count", ""},
			{"usage_duration_secs", "seconds", ""},
			{"error_count", "failures", ""},
		}},
		{source: "ravenstack", kind: model.Item, need: []string{"ticketid accountid submittedat closedat"}, cols: []col{
			{"ticket_id", "key", ""},
			{"account_id", "customers", ""},
			{"submitted_at", "opened", ""},
			{"closed_at", "resolved", ""},
			{"priority", "priority", ""},
			{"first_response_time_minutes", "~reply minutes", asNumber},
			{"satisfaction_score", "satisfaction", ""},
			{"escalation_flag", "escalated", ""},
		}},
	}
}

// telco is a table of consumers with one contract each. The file has no dates: tenure is reckoned
// back from the day of the first import, see finishTenure, and stays as it is when the file comes
// again. The churn column is a fact of the file and decides no status.
func telco() preset {
	return preset{
		source: "telco", kind: model.Customer, extra: model.Contract,
		need: []string{"customerid tenure contract monthlycharges churn"},
		set:  map[string]string{"contract.per": "month", "contract.billing": "month"},
		cols: []col{
			{"customerID", "key", ""},
			{"customerID", "name", ""},
			{"tenure", "~tenure", asNumber},
			{"tenure", "x.tenure", ""},
			{"Contract", "~term", ""},
			{"Contract", "contract.plan", ""},
			{"MonthlyCharges", "contract.amount", ""},
			{"Churn", "source_churned", ""},
			{"Churn", "x.Churn", ""},
		},
	}
}
