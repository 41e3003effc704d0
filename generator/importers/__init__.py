"""From the files that associations hold to records: 申报表, 推荐汇总表, 获奖名单."""
